import { needsClientSecret, type Plane } from '@clientele/model/decision';
import type { ClientMetadata } from '@clientele/model/metadata';
import { ClientDocument } from '../clients/client-document.ts';
import { FIRST_VERSION, type ClientHead, type ClientSecret, type StoredClient } from '../clients/client.ts';
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
  const { statementIssuer } = accepted;
  return {
    serviceId: accepted.service.apiKey,
    clientId: timeOrderedId(now),
    identifiers: {},
    version: FIRST_VERSION,
    createdAt: now,
    modifiedAt: now,
    administration: {},
    credentials: {
      secrets: needsClientSecret(accepted.decision.metadata) ? [newSecretAfter([], now)] : [],
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

/** The next version of a client after an update of the client application. Only its metadata is replaced. */
export function updatedClient<Head extends ClientHead>(
  client: Head,
  accepted: AcceptedRegistration,
  now: number,
): Head & StoredClient {
  const { credentials, provenance } = client;
  const secrets = secretsFor(accepted.decision.metadata, credentials.secrets, now);
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

/** The secrets of a client with other metadata: the same ones, a new one if it needs its first one, or none. */
export function secretsFor(
  metadata: ClientMetadata,
  secrets: readonly ClientSecret[],
  now: number,
): readonly ClientSecret[] {
  if (needsClientSecret(metadata)) return secrets.length > 0 ? secrets : [newSecretAfter(secrets, now)];
  return secrets.length > 0 ? [] : secrets;
}

/** A generated secret with the next ID. */
export function newSecretAfter(secrets: readonly ClientSecret[], createdAt: number): ClientSecret {
  return { id: (secrets.at(-1)?.id ?? 0) + 1, value: newClientSecret(), generated: true, createdAt };
}

export function documentOf({
  decision: { metadata, custom },
  softwareStatement,
}: AcceptedRegistration): ClientDocument {
  return ClientDocument.of({ metadata, custom: custom.text, softwareStatement });
}
