import { createHash } from 'node:crypto';
import type { SchemaSession, SqlValue } from '../database.ts';
import type { Migration } from './index.ts';

/**
 * What is needed to keep a second client with the same `software_id` out of a service that wants none, and the names of
 * the encryption keys that secrets of this store may have been encrypted with.
 *
 * `software_id` may be long and hold any character, so SHA-256 in base64url stands for it. A row of `software_id_lock` is
 * what two registrations with the same one wait for each other at: an index could not keep them apart, since a service may
 * change its mind after it has such clients.
 *
 * The one row of `service_state` is another number after every change of a service or an API access token.
 */
export const SOFTWARE_ID: Migration = {
  version: 2,
  name: 'software IDs, encryption keys, state of the services',
  steps: [
    'ALTER TABLE client ADD COLUMN software_id_hash TEXT',
    hashSoftwareIds,
    `CREATE INDEX client_software_id ON client (service_id, software_id_hash) WHERE software_id_hash IS NOT NULL`,
    `CREATE TABLE software_id_lock (
      service_id BIGINT NOT NULL,
      software_id_hash TEXT NOT NULL,
      locked_at BIGINT NOT NULL,
      PRIMARY KEY (service_id, software_id_hash)
    )`,
    'CREATE TABLE service_state (state BIGINT NOT NULL PRIMARY KEY)',
    'INSERT INTO service_state (state) VALUES (1)',
    `CREATE TABLE encryption_key (
      key_id TEXT NOT NULL PRIMARY KEY,
      created_at BIGINT NOT NULL
    )`,
    `INSERT INTO encryption_key (key_id, created_at)
      SELECT DISTINCT substr(client_secret, 1, 8), 0 FROM client WHERE client_secret IS NOT NULL`,
  ],
};

/** Rows that are read at once. */
const PAGE = 1000;

async function hashSoftwareIds(session: SchemaSession): Promise<void> {
  let last: readonly SqlValue[] = [0, 0];
  for (;;) {
    const rows = await session.query(
      `SELECT service_id, client_id, properties FROM client
        WHERE (service_id, client_id) > ($1, $2) AND properties LIKE '%"softwareId"%'
        ORDER BY service_id, client_id LIMIT ${PAGE}`,
      last,
    );
    for (const { service_id: serviceId, client_id: clientId, properties } of rows) {
      const { softwareId } = JSON.parse(properties as string) as { softwareId?: string };
      if (softwareId === undefined || serviceId === undefined || clientId === undefined) continue;
      await session.query('UPDATE client SET software_id_hash = $3 WHERE service_id = $1 AND client_id = $2', [
        serviceId,
        clientId,
        createHash('sha256').update(softwareId).digest('base64url'),
      ]);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = [end.service_id ?? 0, end.client_id ?? 0];
  }
}
