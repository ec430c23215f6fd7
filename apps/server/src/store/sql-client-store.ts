import { Injectable } from '@nestjs/common';
import { ClientStore, type ClientProperties, type StoredClient } from './client-store.ts';
import { Database, type Row, type SqlValue } from './database.ts';
import { SecretEncryption } from './secret-encryption.ts';

const INSERT = `
  INSERT INTO client (service_id, client_id, version, created_at, modified_at, registration_access_token_hash, client_secret, properties)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING`;

const FIND = `
  SELECT service_id, client_id, version, created_at, modified_at, registration_access_token_hash, client_secret, properties
  FROM client WHERE service_id = $1 AND client_id = $2`;

const REPLACE = `
  UPDATE client
  SET version = $3, created_at = $4, modified_at = $5, registration_access_token_hash = $6, client_secret = $7, properties = $8
  WHERE service_id = $1 AND client_id = $2 AND version = $3 - 1`;

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

  override async insert(client: StoredClient): Promise<boolean> {
    return this.change(INSERT, this.toRow(client));
  }

  override async find(serviceId: number, clientId: number): Promise<StoredClient | undefined> {
    const [row] = await this.database.read({ sql: FIND, values: [serviceId, clientId] });
    return row && this.fromRow(row);
  }

  override async replace(client: StoredClient): Promise<boolean> {
    return this.change(REPLACE, this.toRow(client));
  }

  override async delete({ serviceId, clientId, version }: StoredClient): Promise<boolean> {
    return this.change(DELETE, [serviceId, clientId, version]);
  }

  /** Carries out one statement on one client; whether there was one to change. */
  private async change(sql: string, values: readonly SqlValue[]): Promise<boolean> {
    const [changes] = await this.database.write({ sql, values });
    return changes === 1;
  }

  private toRow(client: StoredClient): SqlValue[] {
    const { clientSecret } = client;
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
      clientSecret:
        clientSecret === null ? undefined : this.encryption.decrypt(clientSecret, owner(serviceId, clientId)),
      properties: JSON.parse(row.properties as string) as ClientProperties,
    };
  }
}

/** What a client secret is bound to: in another client's row it cannot be decrypted. */
function owner(serviceId: number, clientId: number): string {
  return `client/${serviceId}/${clientId}`;
}
