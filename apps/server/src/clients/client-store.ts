import { Injectable } from '@nestjs/common';
import type { Action, Change, ChangedBy, Difference } from '../changes/change.ts';
import { differencesOf } from '../changes/difference.ts';
import { hashOfDocument } from '../changes/mac.ts';
import { PendingChanges, type ChangedRow } from '../changes/pending-changes.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { hashToken } from '../crypto/token.ts';
import { Database, type SqlValue, type Statement } from '../database/database.ts';
import { ClientDocument } from './client-document.ts';
import { clientOf, clientState, columnsOf, headOf, partIn, secretsColumn } from './client-row.ts';
import {
  DELETE,
  DELETE_IDENTIFIER,
  DELETE_UNUSED,
  FIND,
  FIND_BY_TOKEN,
  FIND_HEAD,
  FIND_IDENTIFIER,
  FIND_OTHER,
  FIND_UNUSED,
  INSERT_IDENTIFIER,
  inserting,
  LOCK_SOFTWARE_ID,
  replacing,
  TOUCH,
  type ClientColumns,
  type ClientRow,
  type Replacement,
  type TermValue,
  type WriteText,
} from './client-sql.ts';
import { hashesOf, type ClientColumn } from './client-tables.ts';
import { TERM, termsOf, type Searchable } from './client-terms.ts';
import {
  NO_CLIENT,
  subjectOf,
  type ClientHead,
  type ClientIdentity,
  type ClientVersion,
  type FoundClient,
  type FoundHead,
  type StoredClient,
} from './client.ts';

/** Conditions under which a client is written. */
export interface WriteConditions {
  /** Whether no other client of the service may have its `software_id`. A replacement that keeps the `software_id` is not refused. */
  readonly softwareIdUnique?: boolean;
  /** Statements of the same batch. If a required one changes nothing, the client is not written. */
  readonly alongside?: readonly Statement[];
}

/**
 * The outcome of a replacement. `outdated`: another request replaced or deleted the previous version, or a condition is not met.
 * `unchanged`: the client has this metadata already, so nothing was written. `softwareIdTaken`: another client has its new `software_id`,
 * which must be unique.
 */
export type Replaced = 'replaced' | 'unchanged' | 'outdated' | 'softwareIdTaken';

/** A `software_id`, and the client that has it or requests it, if that is registered already. */
export interface SoftwareIdUse {
  readonly serviceId: number;
  readonly clientId?: number | undefined;
  readonly softwareId: string;
}

/** The version of a client, with what its deletion needs. */
export type DeletableClient = ClientVersion & Searchable & Pick<ClientHead, 'modifiedAt' | 'identifiers'>;

const INSERTIONS = { shared: inserting({ unique: false }), unique: inserting({ unique: true }) };

/**
 * The clients of all services, with encrypted secrets. Every change is one statement or one batch, together with its pending
 * change, and is durable when it is acknowledged. All methods throw `StoreUnavailableError` if the engine cannot respond.
 */
@Injectable()
export class ClientStore {
  private readonly replacements = new Map<string, WriteText>();

  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
    private readonly changes: PendingChanges,
  ) {}

  /** Stores a new client; returns false, with nothing changed, if its ID or an identifier is taken or a condition is not met. */
  async insert(client: StoredClient, by: ChangedBy, conditions: WriteConditions = {}): Promise<boolean> {
    const columns = columnsOf(client, secretsColumn(client, this.encryption));
    const text = conditions.softwareIdUnique ? INSERTIONS.unique : INSERTIONS.shared;
    const terms = termValues(NO_TERMS, termsOf(client), client);
    return this.write(text, columns, terms, changeOf('client.created', client, by), [
      ...this.lock(client, conditions),
      ...(conditions.alongside ?? []),
      ...identifierStatements({ ...client, identifiers: {} }, client),
    ]);
  }

  async find(serviceId: number, clientId: number): Promise<FoundClient | undefined> {
    const [row] = await this.database.read({ ...FIND, values: [serviceId, clientId] });
    return row && clientOf(row as ClientRow, this.encryption);
  }

  /** Finds a client without its document, which is most of the row, for a caller that replaces or deletes it. */
  async findHead(serviceId: number, clientId: number): Promise<FoundHead | undefined> {
    const [row] = await this.database.read({ ...FIND_HEAD, values: [serviceId, clientId] });
    return row && headOf(row as ClientRow, this.encryption);
  }

  /**
   * Finds a client for the holder of a registration access token. With another token, the document is missing: it is not read for a
   * caller who guesses, so that the time does not reveal whether the client exists.
   */
  async findByToken(serviceId: number, clientId: number, token: string): Promise<FoundClient | undefined> {
    const [row] = await this.database.read({ ...FIND_BY_TOKEN, values: [serviceId, clientId, hashToken(token)] });
    return row && clientOf(row as ClientRow, this.encryption);
  }

  /** The number of the client with an identifier. */
  async findIdentifier(serviceId: number, identifier: string): Promise<number | undefined> {
    const values = [serviceId, hashToken(identifier)];
    const [row] = await this.database.read({ sql: FIND_IDENTIFIER, values });
    return row && Number(row.client_id);
  }

  /** Replaces the current version of a client. Parts that are the same objects as before are not written. */
  async replace(
    current: ClientHead & Partial<FoundClient>,
    next: StoredClient,
    by: ChangedBy,
    conditions: WriteConditions = {},
  ): Promise<Replaced> {
    const { credentials } = next;
    const sameCredentials = credentials === current.credentials;
    const newSecrets = !sameCredentials && credentials.secrets !== current.credentials.secrets;
    const values = columnsOf(next, newSecrets ? secretsColumn(next, this.encryption) : null);
    const columns: ClientColumn[] = ['version', 'modified_at', 'metadata', 'update_day', 'update_count'];
    const searched = current.searchHash !== values.search_hash ? await this.findSearched(current) : undefined;
    if (searched === 'outdated') return 'outdated';
    if (searched !== undefined) columns.push('search_hash');
    // SQLite rewrites an index entry whenever its column is set.
    if (current.provenance.unusedSince !== next.provenance.unusedSince) columns.push('unused_since');
    const differences: Difference[] = [];
    const part = (differs: boolean, names: readonly ClientColumn[], differ: () => readonly Difference[]): void => {
      if (!differs) return;
      columns.push(...names);
      differences.push(...differ());
    };
    const { registrationAccessToken: token } = credentials;
    part(next.identifiers !== current.identifiers, ['identifiers'], () =>
      differencesOf(current.identifiers, next.identifiers),
    );
    part(next.administration !== current.administration, ['administration', 'locked'], () =>
      differencesOf(current.administration, next.administration),
    );
    part(newSecrets, ['secrets', 'secret_digests'], () => [{ member: 'client_secret' }]);
    part(
      !sameCredentials && token !== current.credentials.registrationAccessToken,
      ['registration_access_token_hash', 'previous_token_hash', 'previous_token_until'],
      () => [{ member: 'registration_access_token' }],
    );

    // A client keeps a software_id that it shares with others since a time when the service permitted it.
    const unique =
      conditions.softwareIdUnique === true && searched !== undefined && softwareIdOf(searched) !== softwareIdOf(next);
    const text = this.replacement({
      columns,
      terms: searched !== undefined,
      unique,
      onlyIfDifferent: differences.length === 0,
    });
    const change = changeOf('client.updated', next, by, differences);
    const alongside = [
      ...(unique ? this.lock(next, conditions) : []),
      ...(conditions.alongside ?? []),
      ...identifierStatements(current, next),
    ];
    const terms = searched === undefined ? {} : termValues(termsOf(searched), termsOf(next), next);
    if (await this.write(text, values, terms, change, alongside)) return 'replaced';
    const softwareId = softwareIdOf(next);
    if (unique && softwareId !== undefined && (await this.isSoftwareIdTaken({ ...next, softwareId })))
      return 'softwareIdTaken';
    return differences.length === 0 && (await this.isUnchanged(current, next)) ? 'unchanged' : 'outdated';
  }

  /** Deletes the current version of a client; returns false, with nothing changed, if it was replaced or deleted. */
  delete(current: StoredClient, by: ChangedBy): Promise<boolean> {
    return this.remove(DELETE, current, by);
  }

  /** Deletes a client that is still unused; returns whether it was. */
  deleteUnused(client: DeletableClient, by: ChangedBy): Promise<boolean> {
    return this.remove(DELETE_UNUSED, client, by);
  }

  /** The clients of a service that nobody has used since a time in milliseconds since 1970, oldest first. */
  async findUnused(serviceId: number, since: number, limit: number): Promise<readonly DeletableClient[]> {
    const rows = await this.database.read({ sql: FIND_UNUSED, values: [serviceId, since, limit] });
    return rows.map(({ client_id, version, modified_at, identifiers, metadata, administration }) => ({
      serviceId,
      clientId: Number(client_id),
      version: Number(version),
      modifiedAt: Number(modified_at),
      identifiers: partIn(identifiers),
      administration: partIn(administration),
      document: ClientDocument.stored(metadata as string),
    }));
  }

  /** Notes that the client was used at a time in milliseconds since 1970. It is no change. */
  async touch({ serviceId, clientId }: ClientVersion, now: number): Promise<void> {
    await this.database.write({ sql: TOUCH, values: [serviceId, clientId, now] });
  }

  /** Whether another client of the service has the `software_id`. */
  async isSoftwareIdTaken({ serviceId, clientId = NO_CLIENT, softwareId }: SoftwareIdUse): Promise<boolean> {
    const values = [serviceId, clientId, TERM.softwareId(softwareId)];
    return (await this.database.read({ sql: FIND_OTHER, values })).length > 0;
  }

  private async remove(text: WriteText, current: DeletableClient, by: ChangedBy): Promise<boolean> {
    const { serviceId, clientId } = current;
    const at = Math.max(Date.now(), current.modifiedAt + 1);
    const row = { serviceId, clientId, version: current.version + 1, at };
    const values = await this.changes.valuesOf(changeOf('client.deleted', current, by), row);
    const identifiers = identifierStatements(current, { ...current, identifiers: {} });
    return this.execute(text, { ...values, ...termValues(termsOf(current), NO_TERMS) }, identifiers);
  }

  /** Writes a client and its pending change. */
  private async write(
    text: WriteText,
    columns: ClientColumns,
    terms: TermValues,
    change: Change,
    alongside: readonly Statement[],
  ): Promise<boolean> {
    const after = columns.metadata as string;
    const afterHash = hashOfDocument(after);
    const row: ChangedRow = {
      serviceId: columns.service_id as number,
      clientId: columns.client_id as number,
      version: columns.version as number,
      at: columns.modified_at as number,
      state: clientState(columns, afterHash),
      after,
      afterHash,
    };
    const pending = await this.changes.valuesOf(change, row);
    return this.execute(text, { ...pending, ...columns, ...terms }, alongside);
  }

  private async execute(
    text: WriteText,
    values: Partial<Readonly<Record<string, SqlValue>>>,
    alongside: readonly Statement[],
  ): Promise<boolean> {
    const { sql, steps, batchSql, names } = text;
    const placed: readonly SqlValue[] = names.map((name) => values[name] ?? null);
    const changes = await this.database.write(...alongside, { sql, steps, batchSql, values: placed, required: true });
    if (changes.at(-1) !== 0) return true;
    // A damaged client must not stop the deletion of other unused clients.
    if (text !== DELETE_UNUSED && alongside[changes.length - 1]?.sql === DELETE_IDENTIFIER)
      await this.expectOwnIdentifiers(values);
    return false;
  }

  /**
   * Throws if the current version of the client has an identifier that `client_identifier` does not have for it. Repeating the change
   * would never succeed.
   */
  private async expectOwnIdentifiers(values: Partial<Readonly<Record<string, SqlValue>>>): Promise<void> {
    const found = await this.findHead(Number(values.service_id), Number(values.client_id));
    if (found !== undefined && found.version < Number(values.version))
      throw new Error(
        `The store is damaged: client_identifier does not have the identifiers of client ${found.clientId}.`,
      );
  }

  private replacement(replacement: Replacement): WriteText {
    const { columns, terms, unique, onlyIfDifferent } = replacement;
    const name = `${columns.join()} ${terms} ${unique} ${onlyIfDifferent}`;
    let text = this.replacements.get(name);
    if (text === undefined) this.replacements.set(name, (text = replacing(replacement)));
    return text;
  }

  /** Whether the current version is still there and has the same metadata. */
  private async isUnchanged(current: ClientVersion, next: StoredClient): Promise<boolean> {
    const found = await this.find(current.serviceId, current.clientId);
    return found?.version === current.version && found.document.text === next.document.text;
  }

  private lock(client: StoredClient, { softwareIdUnique }: WriteConditions): readonly Statement[] {
    const softwareId = softwareIdOf(client);
    if (softwareIdUnique !== true || softwareId === undefined) return [];
    return [{ sql: LOCK_SOFTWARE_ID, values: [client.serviceId, hashToken(softwareId), client.modifiedAt] }];
  }

  /** Reads the searched values of the current version of a client, unless the caller has them. */
  private async findSearched(current: ClientHead & Partial<FoundClient>): Promise<Searchable | 'outdated'> {
    const { document, administration } = current;
    if (document !== undefined) return { document, administration };
    const found = await this.find(current.serviceId, current.clientId);
    return found?.version === current.version ? found : 'outdated';
  }
}

/** The values of a write that changes the terms of a client. */
type TermValues = Partial<Readonly<Record<TermValue, SqlValue>>>;

function termValues(before: readonly string[], after: readonly string[], next?: Searchable): TermValues {
  const softwareId = next && softwareIdOf(next);
  return {
    added_terms: JSON.stringify(after.filter((term) => !before.includes(term))),
    removed_terms: JSON.stringify(before.filter((term) => !after.includes(term))),
    software_id_term: softwareId === undefined ? null : TERM.softwareId(softwareId),
  };
}

const NO_TERMS: readonly string[] = [];

function softwareIdOf({ document: { metadata } }: Searchable): string | undefined {
  return metadata.software_id;
}

function changeOf(
  action: Action,
  client: ClientVersion & Pick<ClientIdentity, 'identifiers'>,
  { actor, requestId }: ChangedBy,
  differences: readonly Difference[] = [],
): Change {
  return {
    action,
    subject: subjectOf('client', client),
    actor,
    ...(requestId !== undefined && { requestId }),
    ...(differences.length > 0 && { differences }),
  };
}

/** The statements that change the identifiers of a client, in one order for all clients, so that two writers cannot deadlock. */
function identifierStatements(current: ClientIdentity, next: ClientIdentity): readonly Statement[] {
  if (current.identifiers === next.identifiers) return [];
  const before = hashesOf(current.identifiers);
  const after = hashesOf(next.identifiers);
  const { serviceId, clientId } = next;
  return [...new Set([...before, ...after])]
    .filter((hash) => before.includes(hash) !== after.includes(hash))
    .sort()
    .map((hash) => ({
      sql: after.includes(hash) ? INSERT_IDENTIFIER : DELETE_IDENTIFIER,
      values: [serviceId, hash, clientId],
      required: true,
    }));
}
