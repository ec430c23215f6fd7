import { Injectable } from '@nestjs/common';
import type { ApiServiceIdClientResolve } from '@clientele/model';
import { joinObjects, writeDocument, type ResolveResponse } from '@clientele/model/metadata';
import { versionTag } from '../clients/entity-tag.ts';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientUse } from '../clients/client-use.ts';
import { canonicalId, secondsOf, validSecrets, type FoundClient, type SecretDigest } from '../clients/client.ts';
import { JsonText } from '../http/json-text.ts';
import type { Service } from '../services/service.ts';

/** Resolves clients for authorization servers. The metadata has the names of RFC 7591. */
@Injectable()
export class ClientResolver {
  constructor(
    private readonly lookup: ClientLookup,
    private readonly use: ClientUse,
  ) {}

  /**
   * The client, unless it has expired or is locked, or the caller has its current version already.
   *
   * @param withDigests Whether the response has the digests of the client secrets.
   */
  async resolve(
    service: Service,
    { clientId, etag }: ApiServiceIdClientResolve,
    withDigests: boolean,
  ): Promise<JsonText> {
    const client = await this.lookup.find(service.apiKey, clientId);
    if (client === undefined) return response('NOT_FOUND');
    if (client.administration.locked === true) return response('LOCKED');
    await this.use.note(client);
    const current = versionTag(client, service, withDigests ? 'complete' : 'limited');
    const validity = `,"etag":"${current}",${lifetimes(service, client)}`;
    return etag === current
      ? response('NOT_MODIFIED', validity)
      : response('OK', validity + membersOf(client, withDigests));
  }
}

function response(action: ResolveResponse['action'], members = ''): JsonText {
  return new JsonText(`{"action":"${action}"${members}}`, undefined, action);
}

/** The text is joined from stored texts, so that the metadata of a version always has the same bytes. */
function membersOf(client: FoundClient, withDigests: boolean): string {
  const { resources } = client.administration;
  const secrets = withDigests ? `,"secrets":${JSON.stringify(validSecrets(client.secretDigests).map(inSeconds))}` : '';
  const audience = resources === undefined ? '' : `,"resources":${JSON.stringify(resources)}`;
  return `,"source":"${client.provenance.source}","metadata":${metadataText(client)}${secrets}${audience}`;
}

/** `maxAge` and `staleIfError`, which do not exceed the time until the client expires. */
function lifetimes({ resolveMaxAge, resolveStaleIfError }: Service, { administration }: FoundClient): string {
  const { expiresAt } = administration;
  const left = expiresAt === undefined ? Infinity : Math.max(0, secondsOf(expiresAt - Date.now()));
  return `"maxAge":${Math.min(resolveMaxAge, left)},"staleIfError":${Math.min(resolveStaleIfError, left)}`;
}

/** The metadata with the issued members that are not secret. */
function metadataText(client: FoundClient): string {
  const { document, administration } = client;
  const issued = JSON.stringify({
    client_id: canonicalId(client),
    client_id_issued_at: secondsOf(client.createdAt),
  });
  const { requestableScopes } = administration;
  if (requestableScopes === undefined) return joinObjects(issued, document.text);
  // The scopes that an administrator allows replace the registered ones.
  const { metadata, custom, softwareStatement } = document;
  const allowed = { ...metadata, scope: requestableScopes.join(' ') };
  return joinObjects(issued, writeDocument({ metadata: allowed, custom, softwareStatement }));
}

function inSeconds({ sha256, createdAt, expiresAt = 0 }: SecretDigest): SecretDigest {
  return { ...(sha256 !== undefined && { sha256 }), createdAt: secondsOf(createdAt), expiresAt: secondsOf(expiresAt) };
}
