import { needsClientSecret, type Plane } from '@clientele/model/decision';
import type { ClientMetadata } from '@clientele/model/metadata';
import { ClientDocument } from '../clients/client-document.ts';
import {
  expiryAfter,
  FIRST_VERSION,
  hasExpiredSecret,
  validSecrets,
  type ClientHead,
  type ClientSecret,
  type StoredClient,
} from '../clients/client.ts';
import { newClientSecret } from '../crypto/token.ts';
import { timeOrderedId } from '../database/time-ordered-id.ts';
import type { AcceptedRegistration } from './registration-decisions.ts';
import { countedUpdate, NO_UPDATES } from './registration-quotas.ts';

interface NewClientOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly plane: Plane;
  /** The hash of the registration access token. */
  readonly tokenHash: string;
  readonly initialAccessTokenId: number | undefined;
}

/** A client that registers. Its ID may be taken. */
export function newClient(
  accepted: AcceptedRegistration,
  { now, plane, tokenHash, initialAccessTokenId }: NewClientOptions,
): StoredClient {
  const { statementIssuer, service } = accepted;
  return {
    serviceId: service.apiKey,
    clientId: timeOrderedId(now),
    identifiers: {},
    version: FIRST_VERSION,
    createdAt: now,
    modifiedAt: now,
    administration: {},
    credentials: {
      secrets: needsClientSecret(accepted.decision.metadata)
        ? [newSecretAfter([], now, service.clientSecretLifetime)]
        : [],
      registrationAccessToken: { hash: tokenHash },
    },
    provenance: {
      source: 'dynamic',
      registration: {
        plane,
        ...(initialAccessTokenId !== undefined && { initialAccessTokenId }),
        ...(statementIssuer !== undefined && { statementIssuer }),
      },
      lastUsedAt: 0,
      unusedSince: initialAccessTokenId === undefined ? now : undefined,
      updates: NO_UPDATES,
    },
    document: documentOf(accepted),
  };
}

/**
 * The next version of a client after an update of the client application. Only its metadata is replaced. If its secret has expired, it
 * gets a new one.
 */
export function updatedClient<Head extends ClientHead>(
  client: Head,
  accepted: AcceptedRegistration,
  now: number,
): Head & StoredClient {
  const { credentials, provenance } = client;
  const secrets = secretsAfter(accepted, client, now);
  return {
    ...client,
    version: client.version + 1,
    modifiedAt: Math.max(now, client.modifiedAt + 1),
    credentials:
      secrets === credentials.secrets
        ? credentials
        : { secrets, registrationAccessToken: credentials.registrationAccessToken },
    provenance: { ...provenance, unusedSince: undefined, updates: countedUpdate(provenance.updates, now) },
    document: documentOf(accepted),
  };
}

/** The secrets of a client after its own update. */
function secretsAfter(
  { decision: { metadata }, service: { clientSecretLifetime } }: AcceptedRegistration,
  client: ClientHead,
  now: number,
): readonly ClientSecret[] {
  const { secrets } = client.credentials;
  if (!hasExpiredSecret(client) || !needsClientSecret(metadata))
    return secretsFor(metadata, secrets, now, clientSecretLifetime);
  return [...validSecrets(secrets).toReversed(), newSecretAfter(secrets, now, clientSecretLifetime)];
}

/** The secrets of a client with other metadata: the same ones, a new one if it needs its first one, or none. */
export function secretsFor(
  metadata: ClientMetadata,
  secrets: readonly ClientSecret[],
  now: number,
  lifetime = 0,
): readonly ClientSecret[] {
  if (needsClientSecret(metadata)) return secrets.length > 0 ? secrets : [newSecretAfter(secrets, now, lifetime)];
  return secrets.length > 0 ? [] : secrets;
}

/** An ID that no secret of the client has. */
export function newSecretId(secrets: readonly ClientSecret[]): number {
  return (secrets.at(-1)?.id ?? 0) + 1;
}

/**
 * A generated secret with the next ID.
 *
 * @param lifetime Seconds; 0 for ever.
 */
export function newSecretAfter(secrets: readonly ClientSecret[], createdAt: number, lifetime = 0): ClientSecret {
  return {
    id: newSecretId(secrets),
    value: newClientSecret(),
    generated: true,
    createdAt,
    ...expiryAfter(lifetime, createdAt),
  };
}

export function documentOf({
  decision: { metadata, custom },
  softwareStatement,
}: Pick<AcceptedRegistration, 'decision' | 'softwareStatement'>): ClientDocument {
  return ClientDocument.of({ metadata, custom: custom.text, softwareStatement });
}
