import { Injectable } from '@nestjs/common';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { Database, type Statement } from '../database/database.ts';
import { ownerOf } from '../database/table.ts';
import {
  DELETE,
  FIND,
  FIND_HEAD,
  FIND_SOFTWARE_ID,
  INSERT,
  INSERT_UNIQUE,
  LOCK_SOFTWARE_ID,
  REPLACE,
  REPLACE_UNIQUE,
  REPLACE_WITH_SAME_SOFTWARE_ID,
  type ClientColumns,
  type ClientRow,
  type WriteText,
} from './client-sql.ts';
import { CLIENT_TABLE, derivedColumns, hashOfSoftwareId } from './client-tables.ts';
import {
  documentOf,
  NO_CLIENT,
  propertiesIn,
  type ClientProperties,
  type ClientVersion,
  type FoundClient,
  type FoundHead,
  type StoredClient,
} from './client.ts';

/** Conditions under which a client is written. */
export interface WriteConditions {
  /** Whether no other client of the service may have its `software_id`. */
  readonly softwareIdUnique?: boolean;
  /** Statements of the same batch. If a required one changes nothing, the client is not written. */
  readonly alongside?: readonly Statement[];
}

export interface ReplaceConditions extends WriteConditions {
  /** The previous version, if the caller has it: an unchanged index entry need not be written. */
  readonly replaced?: FoundHead;
}

/** A `software_id`, and the client that has it or requests it, if that is registered already. */
export interface SoftwareIdUse {
  readonly serviceId: number;
  readonly clientId?: number | undefined;
  readonly softwareId: string;
}

/**
 * The clients of all services, with encrypted secrets. Every change is one statement or one batch, and is durable when it is
 * acknowledged. All methods throw `StoreUnavailableError` if the engine cannot respond.
 */
@Injectable()
export class ClientStore {
  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {}

  /** Stores a new client; returns false, with nothing changed, if its ID is taken or a condition is not met. */
  insert(client: StoredClient, conditions: WriteConditions = {}): Promise<boolean> {
    return this.write(this.toColumns(client), conditions.softwareIdUnique ? INSERT_UNIQUE : INSERT, conditions);
  }

  async find(serviceId: number, clientId: number): Promise<FoundClient | undefined> {
    const [row] = await this.database.read({ ...FIND, values: [serviceId, clientId] });
    return row && this.fromRow(row as ClientRow);
  }

  /** Finds a client without its document, which is most of the row, for a caller that replaces or deletes it. */
  async findHead(serviceId: number, clientId: number): Promise<FoundHead | undefined> {
    const [row] = await this.database.read({ ...FIND_HEAD, values: [serviceId, clientId] });
    return row && this.fromRow(row as ClientRow);
  }

  /** Replaces the previous version of a client; returns false, with nothing changed, if that was replaced or a condition is not met. */
  replace(client: StoredClient, conditions: ReplaceConditions = {}): Promise<boolean> {
    const columns = this.toColumns(client);
    if (conditions.softwareIdUnique) return this.write(columns, REPLACE_UNIQUE, conditions);
    const sameSoftwareId = conditions.replaced?.softwareIdHash === columns.software_id_hash;
    return this.write(columns, sameSoftwareId ? REPLACE_WITH_SAME_SOFTWARE_ID : REPLACE, conditions);
  }

  /** Deletes this version of a client; returns false, with nothing changed, if it was replaced or deleted. */
  async delete({ serviceId, clientId, version }: ClientVersion): Promise<boolean> {
    const changes = await this.database.write({ sql: DELETE, values: [serviceId, clientId, version] });
    return changes.at(-1) === 1;
  }

  /** Whether another client of the service has the `software_id`. */
  async isSoftwareIdTaken({ serviceId, clientId = NO_CLIENT, softwareId }: SoftwareIdUse): Promise<boolean> {
    const values = [serviceId, clientId, hashOfSoftwareId(softwareId)];
    return (await this.database.read({ sql: FIND_SOFTWARE_ID, values })).length > 0;
  }

  private async write(
    columns: ClientColumns,
    { sql, batchSql, columns: names }: WriteText,
    { softwareIdUnique, alongside = [] }: WriteConditions,
  ): Promise<boolean> {
    const lock: Statement[] = [];
    if (softwareIdUnique && columns.software_id_hash !== null) {
      const values = [columns.service_id, columns.software_id_hash, columns.modified_at];
      lock.push({ sql: LOCK_SOFTWARE_ID, values });
    }
    const statement: Statement = { sql, batchSql, values: names.map((name) => columns[name]), required: true };
    const changes = await this.database.write(...lock, ...alongside, statement);
    return changes.at(-1) !== 0;
  }

  private toColumns(client: StoredClient): ClientColumns {
    const { clientSecret, previousToken, properties } = client;
    const key = { service_id: client.serviceId, client_id: client.clientId };
    return {
      ...key,
      version: client.version,
      created_at: client.createdAt,
      modified_at: client.modifiedAt,
      registration_access_token_hash: client.registrationAccessTokenHash ?? null,
      previous_token_hash: previousToken?.hash ?? null,
      previous_token_until: previousToken?.until ?? null,
      client_secret:
        clientSecret === undefined ? null : this.encryption.encrypt(clientSecret, ownerOf(CLIENT_TABLE, key)),
      properties: documentOf(properties),
      ...derivedColumns(properties),
    };
  }

  /** A client from a row. If the row has no document, only the head may be used. */
  private fromRow(row: ClientRow): FoundClient {
    const { encryption } = this;
    const encrypted = row.client_secret as string | null;
    let clientSecret: string | undefined;
    let properties: ClientProperties | undefined;
    return {
      serviceId: Number(row.service_id),
      clientId: Number(row.client_id),
      version: Number(row.version),
      createdAt: Number(row.created_at),
      modifiedAt: Number(row.modified_at),
      registrationAccessTokenHash: (row.registration_access_token_hash as string | null) ?? undefined,
      ...(row.previous_token_hash !== null && {
        previousToken: { hash: row.previous_token_hash as string, until: Number(row.previous_token_until) },
      }),
      dynamicallyRegistered: Number(row.dynamically_registered) === 1,
      locked: Number(row.locked) === 1,
      initialAccessTokenId: row.initial_access_token_id === null ? undefined : Number(row.initial_access_token_id),
      softwareIdHash: row.software_id_hash as string | null,
      // Decrypted and parsed only after authentication, so that a wrong token takes the same time for every client.
      get clientSecret() {
        if (encrypted === null) return undefined;
        return (clientSecret ??= encryption.decrypt(encrypted, ownerOf(CLIENT_TABLE, row)));
      },
      get properties() {
        return (properties ??= propertiesIn(row.properties as string));
      },
    };
  }
}
