import { Injectable } from '@nestjs/common';
import { hashToken } from '../token.ts';
import { ClientStore, type ChangeConditions, type ClientProperties, type StoredClient } from './client-store.ts';
import { Database, type Row, type SqlValue, type Statement } from './database.ts';
import { SecretEncryption } from './secret-encryption.ts';

/** Whether no client of the service but the one in question has its `software_id`. */
const SOFTWARE_ID_ALONE = `NOT EXISTS (
    SELECT 1 FROM client AS other
    WHERE other.service_id = $1 AND other.software_id_hash = $9 AND other.client_id <> $2)`;

const COLUMNS = `service_id, client_id, version, created_at, modified_at, registration_access_token_hash, client_secret, properties,
  previous_token_hash, previous_token_until`;

const INSERT = `
  INSERT INTO client (${COLUMNS}, software_id_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $9)
  ON CONFLICT DO NOTHING`;

// Values of a SELECT have no column from which PostgreSQL could learn their types.
const INSERT_ALONE = `
  INSERT INTO client (${COLUMNS}, software_id_hash)
  SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
    CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($10 AS TEXT), CAST($11 AS BIGINT), CAST($9 AS TEXT)
  WHERE ${SOFTWARE_ID_ALONE}
  ON CONFLICT DO NOTHING`;

const FIND = `SELECT ${COLUMNS} FROM client WHERE service_id = $1 AND client_id = $2`;

const REPLACE = `
  UPDATE client
  SET version = $3, created_at = $4, modified_at = $5, registration_access_token_hash = $6, client_secret = $7, properties = $8,
    software_id_hash = $9, previous_token_hash = $10, previous_token_until = $11
  WHERE service_id = $1 AND client_id = $2 AND version = $3 - 1`;

const REPLACE_ALONE = `${REPLACE} AND ${SOFTWARE_ID_ALONE}`;

/** Those who want the same `software_id` for themselves alone wait for each other here, to the end of their transactions. */
const LOCK_SOFTWARE_ID = `
  INSERT INTO software_id_lock (service_id, software_id_hash, locked_at) VALUES ($1, $2, $3)
  ON CONFLICT (service_id, software_id_hash) DO UPDATE SET locked_at = excluded.locked_at`;

const FIND_SOFTWARE_ID = `
  SELECT client_id FROM client WHERE service_id = $1 AND software_id_hash = $3 AND client_id <> $2 LIMIT 1`;

const DELETE = 'DELETE FROM client WHERE service_id = $1 AND client_id = $2 AND version = $3';

/** Clients in a SQL database, their secrets encrypted. */
@Injectable()
export class SqlClientStore extends ClientStore {
  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {
    super();
  }

  override async insert(client: StoredClient, conditions: ChangeConditions = {}): Promise<boolean> {
    return this.keep(client, conditions.softwareIdAlone ? INSERT_ALONE : INSERT, conditions);
  }

  override async find(serviceId: number, clientId: number): Promise<StoredClient | undefined> {
    const [row] = await this.database.read({ sql: FIND, values: [serviceId, clientId] });
    return row && this.fromRow(row);
  }

  override async replace(client: StoredClient, conditions: ChangeConditions = {}): Promise<boolean> {
    return this.keep(client, conditions.softwareIdAlone ? REPLACE_ALONE : REPLACE, conditions);
  }

  override async delete({ serviceId, clientId, version }: StoredClient): Promise<boolean> {
    const changes = await this.database.write({ sql: DELETE, values: [serviceId, clientId, version] });
    return changes.at(-1) === 1;
  }

  override async sharesSoftwareId({ serviceId, clientId, properties: { softwareId } }: StoredClient): Promise<boolean> {
    if (softwareId === undefined) return false;
    const values = [serviceId, clientId, hashOfSoftwareId(softwareId)];
    return (await this.database.read({ sql: FIND_SOFTWARE_ID, values })).length > 0;
  }

  /** Carries out the statement that keeps a client; whether it did. */
  private async keep(
    client: StoredClient,
    sql: string,
    { softwareIdAlone, alongside = [] }: ChangeConditions,
  ): Promise<boolean> {
    const { softwareId } = client.properties;
    const lock: Statement[] = [];
    if (softwareIdAlone && softwareId !== undefined) {
      const values = [client.serviceId, hashOfSoftwareId(softwareId), client.modifiedAt];
      lock.push({ sql: LOCK_SOFTWARE_ID, values });
    }
    const statement = { sql, values: this.toRow(client), required: true };
    const changes = await this.database.write(...lock, ...alongside, statement);
    return changes.at(-1) !== 0;
  }

  private toRow(client: StoredClient): SqlValue[] {
    const { clientSecret } = client;
    const { softwareId } = client.properties;
    return [
      client.serviceId,
      client.clientId,
      client.version,
      client.createdAt,
      client.modifiedAt,
      client.registrationAccessTokenHash ?? null,
      clientSecret === undefined
        ? null
        : this.encryption.encrypt(clientSecret, owner(client.serviceId, client.clientId)),
      JSON.stringify(client.properties),
      softwareId === undefined ? null : hashOfSoftwareId(softwareId),
      client.previousToken?.hash ?? null,
      client.previousToken?.until ?? null,
    ];
  }

  private fromRow(row: Row): StoredClient {
    const serviceId = Number(row.service_id);
    const clientId = Number(row.client_id);
    const clientSecret = row.client_secret as string | null;
    return {
      serviceId,
      clientId,
      version: Number(row.version),
      createdAt: Number(row.created_at),
      modifiedAt: Number(row.modified_at),
      registrationAccessTokenHash: (row.registration_access_token_hash as string | null) ?? undefined,
      ...(row.previous_token_hash !== null && {
        previousToken: { hash: row.previous_token_hash as string, until: Number(row.previous_token_until) },
      }),
      clientSecret:
        clientSecret === null ? undefined : this.encryption.decrypt(clientSecret, owner(serviceId, clientId)),
      properties: JSON.parse(row.properties as string) as ClientProperties,
    };
  }
}

/** What stands for a `software_id` in an index: it may be long, and hold any character. */
export function hashOfSoftwareId(softwareId: string): string {
  return hashToken(softwareId);
}

/** What a client secret is bound to: in another client's row it cannot be decrypted. */
function owner(serviceId: number, clientId: number): string {
  return `client/${serviceId}/${clientId}`;
}
