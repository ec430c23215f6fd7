import type { Subject } from '../changes/change.ts';
import type { ClientDocument } from './client-document.ts';

/** No client has this ID. */
export const NO_CLIENT = 0;

/** The version of a client after its registration. */
export const FIRST_VERSION = 1;

/**
 * A client without its metadata. Each part has its own columns. An update by the client application replaces only the metadata.
 */
export interface ClientHead extends ClientIdentity {
  /** `FIRST_VERSION` after the registration. Every change adds 1. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. It increases with every change. */
  readonly modifiedAt: number;
  readonly administration: Administration;
  readonly credentials: Credentials;
  readonly provenance: Provenance;
}

/** The identity: a number, and the other identifiers of the client in its service. */
export interface ClientIdentity {
  readonly serviceId: number;
  readonly clientId: number;
  readonly identifiers: Identifiers;
}

export interface Identifiers {
  /** The `client_id` under which the client was created; absent if it is the decimal number. */
  readonly canonical?: string;
  /** Authlete's `clientIdAlias`. It finds the client, but no response has it as `client_id`. */
  readonly alias?: string;
}

/** The administration part: only administrators set it. */
export interface Administration {
  readonly locked?: boolean;
  /** Authlete's `developer`: the owner of the client. */
  readonly developer?: string;
  /** The scopes that the client may request; all if absent. */
  readonly requestableScopes?: readonly string[];
  /** The resources for which the client may request tokens (RFC 8707); all if absent. */
  readonly resources?: readonly string[];
  readonly attributes?: readonly { readonly key: string; readonly value: string }[];
  readonly notes?: string;
  /** Other properties of Authlete's `Client` that client metadata does not have, as they were set. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970 from which the client is treated as deleted; absent for never. */
  readonly expiresAt?: number;
}

/** The credentials part: only the server issues them. */
export interface Credentials {
  /** Oldest first; the last one is the current one. */
  readonly secrets: readonly ClientSecret[];
  /** Absent if the client has none. */
  readonly registrationAccessToken?: RegistrationAccessToken | undefined;
}

/** The most secrets of a client that are valid at the same time. */
export const MOST_SECRETS = 10;

export interface ClientSecret {
  /** Identifies the secret among those of the client: 1 or more. */
  readonly id: number;
  /** The secret in the clear, or its hash if there is a `scheme`; encrypted at rest. */
  readonly value: string;
  /** The scheme of the hash of an imported secret. */
  readonly scheme?: string;
  /** Whether the server generated the secret: 512 random bits. */
  readonly generated: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. The secret is not valid from then on; absent for never. */
  readonly expiresAt?: number;
}

/**
 * A secret as callers may know it who only compare secrets. It is stored beside the secret, so that a look-up decrypts nothing and an
 * audit of the store finds another secret.
 */
export interface SecretDigest {
  /** SHA-256, base64url. Only a generated secret has it: the digest of a secret that a person chose could be searched. */
  readonly sha256?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; absent for never. */
  readonly expiresAt?: number;
}

/** The registration access token, of which only hashes are stored (SHA-256, base64url). */
export interface RegistrationAccessToken {
  readonly hash: string;
  /** The previous token while it is still valid. */
  readonly previous?: PreviousToken | undefined;
}

export interface PreviousToken {
  readonly hash: string;
  /** Milliseconds since 1970. The token is not valid from then on. */
  readonly until: number;
}

/** Where the client comes from, and its use. */
export interface Provenance {
  readonly source: ClientSource;
  readonly registration: RegistrationOrigin;
  /** Milliseconds since 1970; 0 for never. Recording a use does not change the version. */
  readonly lastUsedAt: number;
  /** Milliseconds since 1970 of the registration; absent if it had a token, or if somebody has used the client since. */
  readonly unusedSince?: number | undefined;
  /** The updates by the client application on the last day with one: days since 1970 in UTC, and their number. */
  readonly updates: { readonly day: number; readonly count: number };
}

/** Created by an administrator, by a registration (RFC 7591), or from a client ID metadata document. */
export const CLIENT_SOURCES = ['static', 'dynamic', 'document'] as const;
export type ClientSource = (typeof CLIENT_SOURCES)[number];

/** How a client was registered. */
export interface RegistrationOrigin {
  readonly plane?: 'api' | 'protocol';
  /** The ID of the initial access token; absent if none was required. */
  readonly initialAccessTokenId?: number;
  /** The issuer of the software statement; absent if there was none. */
  readonly statementIssuer?: string;
}

/** One version of a client. */
export type ClientVersion = Pick<ClientHead, 'serviceId' | 'clientId' | 'version'>;

/** A client with its metadata. */
export interface StoredClient extends ClientHead {
  readonly document: ClientDocument;
}

/** A client in the store without its document, with the column that follows from it. */
export interface FoundHead extends ClientHead {
  /** Changes if a value changes by which the client is found. */
  readonly searchHash: string;
}

/** A client in the store. */
export type FoundClient = FoundHead &
  StoredClient & {
    /** In the order of the secrets. */
    readonly secretDigests: readonly SecretDigest[];
  };

/** The next version of a client, still with the same parts. */
export function nextVersion<Client extends ClientHead>(client: Client): Client {
  return { ...client, version: client.version + 1, modifiedAt: Math.max(Date.now(), client.modifiedAt + 1) };
}

/** The expiry of a secret that is issued now; absent for a lifetime of 0 seconds, which means that it never expires. */
export function expiryAfter(lifetime: number, now: number): Pick<ClientSecret, 'expiresAt'> {
  return lifetime > 0 ? { expiresAt: now + lifetime * 1000 } : {};
}

/** The secret that responses contain; `undefined` if the client has none. */
export function currentSecret({ credentials: { secrets } }: Pick<ClientHead, 'credentials'>): ClientSecret | undefined {
  return secrets.at(-1);
}

/** Whether the current secret has expired. */
export function hasExpiredSecret(client: Pick<ClientHead, 'credentials'>): boolean {
  const secret = currentSecret(client);
  return secret !== undefined && !validSecrets(client.credentials.secrets).includes(secret);
}

/** The secrets that are valid now, newest first. */
export function validSecrets<Secret extends SecretDigest>(secrets: readonly Secret[]): readonly Secret[] {
  const now = Date.now();
  return secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt).reverse();
}

/** The secret that administrators may see in the clear: the current one, unless it has expired or is a hash. */
export function readableSecret(client: Pick<ClientHead, 'credentials'>): ClientSecret | undefined {
  const secret = currentSecret(client);
  return secret?.scheme === undefined
    ? validSecrets(client.credentials.secrets).find((valid) => valid === secret)
    : undefined;
}

/** The `client_id` of a client: the identifier under which it was created, else its decimal number. */
export function canonicalId({ clientId, identifiers }: ClientIdentity): string {
  return identifiers.canonical ?? String(clientId);
}

/** The subject of a change of a client, or of a read of its secret. */
export function subjectOf(
  type: 'client' | 'client_secret',
  { clientId, identifiers: { canonical } }: Pick<ClientIdentity, 'clientId' | 'identifiers'>,
): Subject {
  return { type, id: String(clientId), ...(canonical !== undefined && { canonicalId: canonical }) };
}

/** A time as responses contain it: seconds since 1970. */
export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
