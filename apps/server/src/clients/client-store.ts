import { Injectable } from '@nestjs/common';
import {
  ClientStore,
  documentOf,
  hashOfSoftwareId,
  propertiesIn,
  type ChangeConditions,
  type ClientProperties,
  type ClientVersion,
  type FoundClient,
  type FoundHead,
  type ReplaceConditions,
  type Standing,
  type SoftwareIdUse,
  type StoredClient,
} from './client.ts';
import {
  DELETE,
  FIND,
  FIND_HEAD,
  FIND_SOFTWARE_ID,
  INSERT,
  INSERT_ALONE,
  LOCK_SOFTWARE_ID,
  REPLACE,
  REPLACE_ALONE,
  REPLACE_KEEPING_SOFTWARE_ID,
  type ClientColumns,
  type ClientRow,
  type KeepingKind,
} from './client-sql.ts';
import { Database, type Statement } from '../database/database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';

/** No client has this ID. */
const NO_CLIENT = 0;

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
    return this.keep(this.toColumns(client), conditions.softwareIdAlone ? INSERT_ALONE : INSERT, conditions);
  }

  override async find(serviceId: number, clientId: number): Promise<FoundClient | undefined> {
    const [row] = await this.database.read({ ...FIND, values: [serviceId, clientId] });
    return row && this.fromRow(row as ClientRow);
  }

  override async findHead(serviceId: number, clientId: number): Promise<FoundHead | undefined> {
    const [row] = await this.database.read({ ...FIND_HEAD, values: [serviceId, clientId] });
    return row && this.fromRow(row as ClientRow);
  }

  override async replace(client: StoredClient, conditions: ReplaceConditions = {}): Promise<boolean> {
    const { softwareIdAlone, replaced } = conditions;
    const columns = this.toColumns(client);
    if (softwareIdAlone) return this.keep(columns, REPLACE_ALONE, conditions);
    const keepsSoftwareId = replaced?.softwareIdHash === columns.software_id_hash;
    return this.keep(columns, keepsSoftwareId ? REPLACE_KEEPING_SOFTWARE_ID : REPLACE, conditions);
  }

  override async delete({ serviceId, clientId, version }: ClientVersion): Promise<boolean> {
    const changes = await this.database.write({ sql: DELETE, values: [serviceId, clientId, version] });
    return changes.at(-1) === 1;
  }

  override async isSoftwareIdTaken({ serviceId, clientId = NO_CLIENT, softwareId }: SoftwareIdUse): Promise<boolean> {
    const values = [serviceId, clientId, hashOfSoftwareId(softwareId)];
    return (await this.database.read({ sql: FIND_SOFTWARE_ID, values })).length > 0;
  }

  /** Carries out the statement that keeps a client; whether it did. */
  private async keep(
    columns: ClientColumns,
    { sql, together, columns: names }: KeepingKind,
    { softwareIdAlone, alongside = [] }: ChangeConditions,
  ): Promise<boolean> {
    const lock: Statement[] = [];
    if (softwareIdAlone && columns.software_id_hash !== null) {
      const values = [columns.service_id, columns.software_id_hash, columns.modified_at];
      lock.push({ sql: LOCK_SOFTWARE_ID, values });
    }
    const keeping: Statement = { sql, together, values: names.map((name) => columns[name]), required: true };
    const changes = await this.database.write(...lock, ...alongside, keeping);
    return changes.at(-1) !== 0;
  }

  private toColumns(client: StoredClient): ClientColumns {
    const { serviceId, clientId, clientSecret, previousToken, properties } = client;
    return {
      service_id: serviceId,
      client_id: clientId,
      version: client.version,
      created_at: client.createdAt,
      modified_at: client.modifiedAt,
      registration_access_token_hash: client.registrationAccessTokenHash ?? null,
      previous_token_hash: previousToken?.hash ?? null,
      previous_token_until: previousToken?.until ?? null,
      client_secret:
        clientSecret === undefined ? null : this.encryption.encrypt(clientSecret, ownerOfSecret(serviceId, clientId)),
      properties: documentOf(properties),
      ...derivedColumns(properties),
    };
  }

  /** Of a row without its document only the head may be used. */
  private fromRow(row: ClientRow): FoundClient {
    const serviceId = Number(row.service_id);
    const clientId = Number(row.client_id);
    const { encryption } = this;
    const encrypted = row.client_secret as string | null;
    const standing = standingIn(row);
    let clientSecret: string | undefined;
    let properties: ClientProperties | undefined;
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
      // Taken out when they are asked for, by whoever has authenticated: a wrong token costs no more for a client that is there.
      get clientSecret() {
        if (encrypted === null) return undefined;
        return (clientSecret ??= encryption.decrypt(encrypted, ownerOfSecret(serviceId, clientId)));
      },
      get properties() {
        return (properties ??= propertiesIn(row.properties as string));
      },
      get standing() {
        return standing ?? this.properties;
      },
      softwareIdHash: row.software_id_hash as string | null,
    };
  }
}

/** The columns that follow from the document. */
export function derivedColumns({ dynamicallyRegistered, locked, initialAccessTokenId, softwareId }: ClientProperties) {
  return {
    dynamically_registered: dynamicallyRegistered ? 1 : 0,
    locked: locked === true ? 1 : 0,
    initial_access_token_id: initialAccessTokenId ?? null,
    software_id_hash: hashOfSoftwareId(softwareId),
  } satisfies Partial<ClientColumns>;
}

/** What these columns say; nothing in a row that was written before there were such columns. */
function standingIn(row: ClientRow): Standing | undefined {
  if (row.dynamically_registered === null) return undefined;
  const initialAccessTokenId = row.initial_access_token_id;
  return {
    dynamicallyRegistered: Number(row.dynamically_registered) === 1,
    locked: Number(row.locked) === 1,
    ...(initialAccessTokenId !== null && { initialAccessTokenId: Number(initialAccessTokenId) }),
  };
}

/** What a client secret is bound to: in another client's row it cannot be decrypted. */
export function ownerOfSecret(serviceId: number, clientId: number): string {
  return `client/${serviceId}/${clientId}`;
}
