import { toClient, type ClientMetadata } from '@clientele/model/metadata';
import type { ClientStore, StoredClient } from '../../../apps/server/src/clients/client.ts';
import { ORDINARY_DOCUMENT } from '../documents.ts';

/** What is kept of a client that registered the ordinary document. */
export const PROPERTIES = {
  dynamicallyRegistered: true,
  ...toClient(JSON.parse(ORDINARY_DOCUMENT) as ClientMetadata),
};

export const SERVICE_ID = 1;

export const REGISTRATION_ACCESS_TOKEN = 'test';

/** SHA-256 of the token, base64url. */
export const REGISTRATION_ACCESS_TOKEN_HASH = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';

/** Client IDs, as far from each other as real ones. */
export const clientIdOf = (place: number): number => 1_641_735_467_000_000 + place * 9_973;

export function aClient(place: number): StoredClient {
  const now = Date.now();
  return {
    serviceId: SERVICE_ID,
    clientId: clientIdOf(place),
    version: 1,
    createdAt: now,
    modifiedAt: now,
    registrationAccessTokenHash: REGISTRATION_ACCESS_TOKEN_HASH,
    clientSecret: undefined,
    properties: PROPERTIES,
  };
}

/** What the store does in an update: one look-up, and one replacement of the version that was found. */
export async function updateOnce(store: ClientStore, clientId: number): Promise<void> {
  const client = await store.findHead(SERVICE_ID, clientId);
  if (client === undefined) throw new Error(`There is no client ${clientId}.`);
  const { version, modifiedAt, clientSecret } = client;
  const next = { ...client, version: version + 1, modifiedAt: modifiedAt + 1, clientSecret, properties: PROPERTIES };
  if (!(await store.replace(next, { replaced: client })))
    throw new Error(`The client ${clientId} was changed by somebody else.`);
}

/** So many callers at once, each of whom updates a client of its own. */
export async function updatesTogether(store: ClientStore, callers: number): Promise<void> {
  await Promise.all(Array.from({ length: callers }, (_, caller) => updateOnce(store, clientIdOf(caller))));
}

export async function insertClients(store: Pick<ClientStore, 'insert'>, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, place) => store.insert(aClient(place))));
}
