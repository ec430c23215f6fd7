import { isDeepStrictEqual } from 'node:util';
import type { ClientReplacementDto } from '@clientele/model';
import { readRequest } from '@clientele/model/decision';
import {
  ClientPropertyError,
  FIELDS,
  isStandardMember,
  joinObjects,
  LIMITS,
  quote,
  toMetadata,
  type JsonObject,
} from '@clientele/model/metadata';
import { ABSENT_PROPERTIES, authleteClient } from '../../clients/authlete-client.ts';
import type { Administration, StoredClient } from '../../clients/client.ts';
import { checkSecretHash, type SecretHash } from '../../crypto/secret-hash/check-secret-hash.ts';
import { ApiError, unacceptable } from '../../http/api-error.ts';
import { isDeeper } from '../../http/nesting.ts';
import { lengthProblem } from '../../services/longest-json.ts';
import type { Service } from '../../services/service.ts';

/** A client as an administrator requests it. */
export interface RequestedClient {
  /** The client metadata, as the JSON text that a client application would send. */
  readonly json: string;
  readonly administration: Administration;
  readonly alias: string | undefined;
  readonly secret: string | undefined;
  readonly secretHash: SecretHash | undefined;
}

/**
 * Reads the `Client` in a body; `dto` has its properties that only administrators set. A property that is requested as responses show
 * it keeps its stored value, even if a `Client` cannot express that value. Throws `ApiError`.
 */
export function requestedClient(
  body: JsonObject,
  dto: ClientReplacementDto,
  { service, current }: { readonly service: Service; readonly current: StoredClient | undefined },
): RequestedClient {
  const shown = current === undefined ? ABSENT_PROPERTIES : shownClient(service, current);
  expectProperties(body);
  const requested = metadataOf(withTokenAuthMethod(body, dto));
  // JSON.stringify calls itself at every level. Properties that are texts, such as jwks, have been parsed.
  if (isDeeper(requested, LIMITS.depth)) throw unacceptable(`at most ${LIMITS.depth} levels of nesting are accepted.`);
  const metadata = replaced(requested, metadataOf(shown), current?.document.metadata ?? {});
  const { clientIdAlias, clientSecret, clientSecretHash, customMetadata = '{}' } = dto;
  return {
    json: joinObjects(JSON.stringify(metadata), customMembers(customMetadata, service)),
    administration: administrationOf(dto, shown, current),
    alias: clientIdAlias,
    secret: clientSecret,
    secretHash: clientSecretHash === undefined ? undefined : secretHashIn(clientSecretHash, clientSecret),
  };
}

/** A client as responses show it, without its secret. */
export function shownClient(service: Service, client: StoredClient): JsonObject {
  return JSON.parse(authleteClient({ service, client }, { withSecret: false })) as JsonObject;
}

/** The property of each member whose name is another one. */
const PROPERTIES: ReadonlyMap<string, string> = new Map(
  FIELDS.flatMap(([name, { property }]) => (name.includes('_') ? [[name, property] as const] : [])),
);

/** Refuses members of client metadata, which would have no effect. Other unknown properties are ignored, as by Authlete. */
function expectProperties(body: JsonObject): void {
  for (const name of Object.keys(body)) {
    const property = PROPERTIES.get(name);
    if (property !== undefined) throw unacceptable(`${name} is not a property of a Client; use ${property}.`);
  }
}

function metadataOf(client: JsonObject): JsonObject {
  try {
    return toMetadata(client);
  } catch (error) {
    throw error instanceof ClientPropertyError ? unacceptable(error.message) : error;
  }
}

/** The requested metadata. A member that is requested as it was shown keeps its current value. */
function replaced(requested: JsonObject, shown: JsonObject, current: JsonObject): JsonObject {
  const names = new Set([...Object.keys(requested), ...Object.keys(current)]);
  return defined(
    Object.fromEntries(
      Array.from(names, (name) => [
        name,
        isDeepStrictEqual(requested[name], shown[name]) ? current[name] : requested[name],
      ]),
    ),
  );
}

/** Authlete: a client of the type PUBLIC has no authentication method, and every other client has one. */
function withTokenAuthMethod(body: JsonObject, { clientType }: ClientReplacementDto): JsonObject {
  const { tokenAuthMethod } = body;
  const isNone = tokenAuthMethod === 'NONE' || tokenAuthMethod === 'none';
  if (clientType === 'CONFIDENTIAL' && isNone)
    throw unacceptable('clientType is CONFIDENTIAL, so tokenAuthMethod must not be NONE.');
  if (clientType !== 'PUBLIC' || isNone) return body;
  if (tokenAuthMethod === undefined || tokenAuthMethod === null) return { ...body, tokenAuthMethod: 'NONE' };
  throw unacceptable('clientType is PUBLIC, so tokenAuthMethod must be NONE or absent.');
}

/** The hash of a secret. Throws `ApiError` if it is not accepted. */
function secretHashIn(text: string, secret: string | undefined): SecretHash {
  if (secret !== undefined) throw unacceptable('clientSecret and clientSecretHash exclude each other.');
  const hash = checkSecretHash(text);
  if ('problem' in hash) throw new ApiError(400, 'clientSecretHashUnfit', { details: hash.problem });
  return hash;
}

/** The custom members as JSON text. */
function customMembers(text: string, { supportedCustomClientMetadata: supported = [] }: Service): string {
  const read = readRequest(text);
  if ('finding' in read)
    throw unacceptable(`customMetadata is refused. ${read.finding.message.replace(/^\[\w+\] /, '')}`);
  for (const name of Object.keys(read.members)) {
    if (isStandardMember(name))
      throw unacceptable(`customMetadata must not have ${quote(name)}: it is a standard member.`);
    if (!supported.includes(name))
      throw unacceptable(`customMetadata has ${quote(name)}, which is not one of supportedCustomClientMetadata.`);
  }
  // It is joined with other members, so it must begin with the brace.
  return text.trim();
}

function administrationOf(
  dto: ClientReplacementDto,
  shown: JsonObject,
  current: StoredClient | undefined,
): Administration {
  const { clientIdAlias: _alias, clientType: _type, customMetadata: _custom, ...settable } = dto;
  const { clientSecret: _secret, clientSecretHash: _hash, ...set } = settable;
  const { developer, attributes, resources, notes, expiresAt, extension = {}, ...others } = set;
  const { requestableScopes, requestableScopesEnabled, ...durations } = extension;
  const shownExtension = shown.extension as ClientReplacementDto['extension'];
  const sameScopes =
    requestableScopesEnabled === shownExtension?.requestableScopesEnabled &&
    isDeepStrictEqual(requestableScopes, shownExtension?.requestableScopes);
  if (!sameScopes && requestableScopesEnabled === undefined && requestableScopes !== undefined)
    throw unacceptable(
      'extension.requestableScopes needs extension.requestableScopesEnabled: true to limit the client to these scopes, or false to ' +
        'register them as its scope without a limit.',
    );
  const properties = meaningful({ ...others, extension: emptyAsAbsent(meaningful(durations)) });
  const administration = defined<Administration>({
    developer,
    requestableScopes: sameScopes
      ? current?.administration.requestableScopes
      : requestableScopesEnabled === true
        ? requestableScopes
        : undefined,
    resources,
    attributes: attributes?.map(({ key, value }) => ({ key, value })),
    notes,
    expiresAt: expiresAt === 0 ? undefined : expiresAt,
    properties: emptyAsAbsent(properties),
  });
  expectStorable(administration);
  const { locked } = current?.administration ?? {};
  return { ...(locked !== undefined && { locked }), ...administration };
}

/** Throws `ApiError` if the administration part of a client is too long. Whether the client is locked does not count. */
export function expectStorable({ locked: _locked, ...administration }: Administration): void {
  const tooLong = lengthProblem(administration, 'the properties that only administrators set');
  if (tooLong !== undefined) throw unacceptable(tooLong);
}

/** The properties without those that have the value of an absent property: `false`, 0 or the empty string. */
function meaningful(properties: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => Boolean(value)));
}

function emptyAsAbsent<T extends object>(properties: T): T | undefined {
  return Object.keys(properties).length === 0 ? undefined : properties;
}

function defined<T extends object>(members: { [P in keyof T]: T[P] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
