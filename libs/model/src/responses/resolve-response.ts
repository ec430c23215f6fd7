import type { ClientMetadata } from '../metadata/client-metadata.ts';

/** A valid secret of a client. */
export interface SecretDigest {
  /**
   * SHA-256 of the UTF-8 bytes of the secret, in base64url without padding. Absent if only the server can verify the secret,
   * because a person chose it or it was imported as a hash.
   */
  sha256?: string;
  /** Seconds since 1970. */
  createdAt: number;
  /** Seconds since 1970, 0 for never. */
  expiresAt: number;
}

interface Validity {
  /** Identifies this version of the client. */
  etag: string;
  /** How long the version may be used without asking again, in seconds. */
  maxAge: number;
  /** How long the version may be used during an outage after it was last confirmed, in seconds. */
  staleIfError: number;
}

/** The client exists and may be used. */
export interface ResolvedResponse extends Validity {
  action: 'OK';
  /** `static` if an administrator created the client, `dynamic` if it was registered, `document` if its identifier is a URL. */
  source: 'static' | 'dynamic' | 'document' | (string & {});
  /** Registered metadata under the names of RFC 7591, never a secret. */
  metadata: ClientMetadata & { client_id: string; client_id_issued_at?: number };
  /** Newest first. Absent if the API access token must not verify secrets. */
  secrets?: SecretDigest[];
  /** The only resources (RFC 8707) for which the client may obtain tokens. Absent if there is no limit. */
  resources?: string[];
}

/** The version of the request is still current. */
export interface NotModifiedResponse extends Validity {
  action: 'NOT_MODIFIED';
}

/** No such client exists. */
export interface NotFoundResponse {
  action: 'NOT_FOUND';
}

/** The client exists, but must not be used. */
export interface LockedResponse {
  action: 'LOCKED';
}

/** The client cannot be read at the moment. */
export interface UnavailableResponse {
  action: 'UNAVAILABLE';
  /** Seconds. */
  retryAfter: number;
}

/** The response of `client/resolve`, a union by `action`. */
export type ResolveResponse =
  ResolvedResponse | NotModifiedResponse | NotFoundResponse | LockedResponse | UnavailableResponse;
