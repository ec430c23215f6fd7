import type { ClientMetadata, ResolvedResponse, SecretDigest } from '../models.ts';

/** A version of a client that may be used. While the version is current, a cache returns the same object. */
export interface ResolvedClient {
  /** The `client_id` of the metadata, also if the client was resolved by another identifier. */
  readonly clientId: string;
  /** Identifies the version. */
  readonly etag: string;
  /** `static`, `dynamic`, `document`, or a value of later servers. */
  readonly source: string;
  /** Registered metadata under the names of RFC 7591, never a secret. */
  readonly metadata: ClientMetadata & { client_id: string };
  /** Newest first. Undefined if the API access token must not verify secrets. */
  readonly secrets: readonly SecretDigest[] | undefined;
  /** The only resources (RFC 8707) for which the client may obtain tokens. Absent if there is no limit. */
  readonly resources?: readonly string[];
}

export function resolvedClient({ etag, source, metadata, secrets, resources }: ResolvedResponse): ResolvedClient {
  const client = { clientId: metadata.client_id, etag, source, metadata, secrets };
  return resources === undefined ? client : { ...client, resources };
}
