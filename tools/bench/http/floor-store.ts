import pg from 'pg';
import type { Config } from '../../../apps/server/src/config/config.ts';
import type { ClientProperties, ClientStore } from '../../../apps/server/src/clients/client.ts';
import type { Database } from '../../../apps/server/src/database/database.ts';
import type { ServerModules } from '../built-server.ts';

/** What the floor asks of its store. */
export interface FloorStore extends Pick<ClientStore, 'insert' | 'find' | 'delete'> {
  readonly database: Database;
  /** Replaces the properties of a client; false where there is none. */
  readonly update: (serviceId: number, clientId: number, properties: object) => Promise<boolean>;
}

/**
 * The store of the server, and the update that is the least its engine can do as durably: on SQLite the server's own, a look-up
 * and a replacement, many in one transaction; on PostgreSQL one `UPDATE` for each call, without a look-up.
 */
export async function openFloorStore(server: ServerModules, config: Config): Promise<FloorStore> {
  const database = await server.openDatabase(config);
  const clients = new server.SqlClientStore(database, new server.SecretEncryption(server.loadEncryptionKeys(config)));
  const shared = {
    database,
    insert: clients.insert.bind(clients),
    find: clients.find.bind(clients),
    delete: clients.delete.bind(clients),
  };
  if (config.database.engine === 'postgresql') {
    const { url, connections } = config.database;
    const pool = new pg.Pool({ connectionString: url, max: connections });
    return {
      ...shared,
      update: async (serviceId, clientId, properties) => {
        const { rowCount } = await pool.query(bareUpdate(serviceId, clientId, JSON.stringify(properties)));
        return rowCount === 1;
      },
    };
  }
  return {
    ...shared,
    update: async (serviceId, clientId, properties) => {
      const client = await clients.findHead(serviceId, clientId);
      if (client === undefined) return false;
      const { version, createdAt, registrationAccessTokenHash } = client;
      const next = {
        ...{ serviceId, clientId, version: version + 1, createdAt, modifiedAt: Date.now() },
        ...{ registrationAccessTokenHash, clientSecret: undefined, properties: properties as ClientProperties },
      };
      return clients.replace(next, { replaced: client });
    },
  };
}

/** One prepared `UPDATE` of a client that was not even looked up. */
export function bareUpdate(serviceId: number, clientId: number, properties: string): pg.QueryConfig {
  return {
    name: 'bare-update',
    text: 'UPDATE client SET modified_at = $3, properties = $4, version = version + 1 WHERE service_id = $1 AND client_id = $2',
    values: [serviceId, clientId, Date.now(), properties],
  };
}
