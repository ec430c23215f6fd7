import { Injectable } from '@nestjs/common';
import type { ApiServiceIdClientResolve } from '@clientele/model';
import { joinObjects, writeDocument } from '@clientele/model/metadata';
import { versionTag } from '../clients/entity-tag.ts';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientUse } from '../clients/client-use.ts';
import { canonicalId, validSecrets, type FoundClient, type SecretDigest } from '../clients/client.ts';
import { JsonText } from '../http/json-text.ts';
import type { Service } from '../services/service.ts';

const NOT_FOUND = new JsonText('{"action":"NOT_FOUND"}', undefined, 'NOT_FOUND');
const LOCKED = new JsonText('{"action":"LOCKED"}', undefined, 'LOCKED');

/** Resolves the `client_id` of a request at the authorization server to the client, as RFC 7591 names its metadata. */
@Injectable()
export class ClientResolver {
  constructor(
    private readonly lookup: ClientLookup,
    private readonly use: ClientUse,
  ) {}

  /**
   * The client, unless the caller has its current version already. Whether it is locked or has expired is checked first.
   *
   * @param withDigests Whether the response has the digests of the client secrets.
   */
  async resolve(
    service: Service,
    { clientId, etag }: ApiServiceIdClientResolve,
    withDigests: boolean,
  ): Promise<JsonText> {
    const client = await this.lookup.find(service.apiKey, clientId);
    if (client === undefined) return NOT_FOUND;
    if (client.administration.locked === true) return LOCKED;
    await this.use.note(client);
    const current = versionTag(client, service, withDigests ? 'complete' : 'limited');
    return etag === current
      ? notModified(service, client, current)
      : resolved(service, client, { etag: current, withDigests });
  }
}

function notModified(service: Service, client: FoundClient, etag: string): JsonText {
  return new JsonText(`{"action":"NOT_MODIFIED",${caching(service, client, etag)}}`, undefined, 'NOT_MODIFIED');
}

/** The text is joined from stored texts, so that the metadata of one version is the same to the byte. */
function resolved(
  service: Service,
  client: FoundClient,
  { etag, withDigests }: { etag: string; withDigests: boolean },
): JsonText {
  const { resources } = client.administration;
  const secrets = withDigests ? `,"secrets":${JSON.stringify(validSecrets(client.secretDigests).map(inSeconds))}` : '';
  const audience = resources === undefined ? '' : `,"resources":${JSON.stringify(resources)}`;
  return new JsonText(
    `{"action":"OK",${caching(service, client, etag)},"source":"${client.provenance.source}",` +
      `"metadata":${metadataText(client)}${secrets}${audience}}`,
    undefined,
    'OK',
  );
}

/**
 * For how many seconds a caller may use the response, and may go on using it while the server cannot respond; not longer than the
 * client exists.
 */
function caching({ resolveMaxAge, resolveStaleIfError }: Service, client: FoundClient, etag: string): string {
  const { expiresAt } = client.administration;
  const left = expiresAt === undefined ? Infinity : Math.max(0, seconds(expiresAt - Date.now()));
  return `"etag":"${etag}","maxAge":${Math.min(resolveMaxAge, left)},"staleIfError":${Math.min(resolveStaleIfError, left)}`;
}

/** The metadata with the members that the server issued and that are no secrets. */
function metadataText(client: FoundClient): string {
  const { document, administration } = client;
  const issued = JSON.stringify({
    client_id: canonicalId(client),
    client_id_issued_at: seconds(client.createdAt),
  });
  const { requestableScopes } = administration;
  if (requestableScopes === undefined) return joinObjects(issued, document.text);
  // What an administrator allows limits the client, whatever it registered.
  const { metadata, custom, softwareStatement } = document;
  const allowed = { ...metadata, scope: requestableScopes.join(' ') };
  return joinObjects(issued, writeDocument({ metadata: allowed, custom, softwareStatement }));
}

function inSeconds({ sha256, createdAt, expiresAt = 0 }: SecretDigest): SecretDigest {
  return { ...(sha256 !== undefined && { sha256 }), createdAt: seconds(createdAt), expiresAt: seconds(expiresAt) };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
