import { createHash, type Hash } from 'node:crypto';
import { isJsonObject } from '@clientele/model/metadata';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Row, SqlValue } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { isCount, isTime, isWithin } from '../http/record-checks.ts';
import { LARGEST_COUNT, RecordError, type Column, type ColumnType } from '../database/table.ts';
import { keysProblem, secretProblem } from './imported-secrets.ts';
import { recordKindsOf, type RecordKind } from './record-kind.ts';

export const FORMAT = 'clientele-export';
export const FORMAT_VERSION = 1;

/** The first line of an export. */
export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** The schema version of the exported database. */
  readonly schemaVersion: number;
  readonly serviceId: number;
  readonly exportedAt: string;
  /** IDs of the keys with which values may be encrypted. */
  readonly encryptionKeys: readonly string[];
}

/** A line between the first and the last one. The first record is the service. */
export interface TransferRecord {
  readonly kind: RecordKind;
  readonly row: Row;
}

/** The number of records of each kind. */
export type Counts = Readonly<Record<string, number>>;

/** The last line. A file without it is incomplete. */
export interface Trailer {
  readonly counts: Counts;
  /** SHA-256 of all previous lines with their line feeds, in hexadecimal. */
  readonly sha256: string;
}

/** A file is not an export, or does not fit the store. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a line. The largest client has far fewer. */
const LONGEST_LINE = 4 * 1024 * 1024;

export interface ReadOptions {
  readonly schema: Schema;
  /** Whether API access tokens for all services are accepted. Their holders may do everything. */
  readonly allServiceTokens: boolean;
  /** Must decrypt every ciphertext of the file. */
  readonly encryption: SecretEncryption;
}

/** Reads an export line by line. The records end without an error only if the file is complete. */
export class TransferReader {
  private readonly hash = createHash('sha256');
  private readonly counted: Record<string, number> = {};
  private readonly kinds: readonly RecordKind[];
  private number = 0;
  private serviceId = 0;

  private constructor(
    private readonly lines: AsyncGenerator<string>,
    private text: string,
    private readonly options: ReadOptions,
  ) {
    this.kinds = recordKindsOf(options.schema);
  }

  static async open(
    chunks: AsyncIterable<Buffer>,
    options: ReadOptions,
  ): Promise<{ readonly header: Header; readonly reader: TransferReader }> {
    const lines = linesOf(chunks);
    const first = await lines.next();
    const reader = new TransferReader(lines, first.done ? '' : first.value, options);
    return { header: reader.readHeader(), reader };
  }

  /** Throws `TransferError` at the first line that is wrong, and if the file is incomplete. */
  async *records(): AsyncGenerator<TransferRecord> {
    for await (const line of this.lines) {
      this.text = line;
      const value = this.parse();
      if ('counts' in value) {
        this.expectTrailer(value as unknown as Trailer);
        if (!(await this.lines.next()).done) this.fail('the file continues after its last line');
        return;
      }
      yield this.readRecord(value);
    }
    throw new TransferError('The file is incomplete: its last line, which has the number of records, is missing.');
  }

  private readHeader(): Header {
    const value = this.parse();
    if (value.format !== FORMAT) this.fail(`not a file of 'clientele export'`);
    if (value.version !== FORMAT_VERSION)
      this.fail(`format version ${String(value.version)} is unknown; use a newer server`);
    const header = value as unknown as Header;
    const { serviceId, schemaVersion, encryptionKeys } = header;
    if (!isOfType(serviceId, 'id') || !isOfType(schemaVersion, 'number')) this.fail('the header is damaged');
    if (!Array.isArray(encryptionKeys) || !encryptionKeys.every((id) => typeof id === 'string'))
      this.fail('the header is damaged');
    const { version } = this.options.schema;
    if (schemaVersion > version) {
      throw new TransferError(
        `The file is from a store with schema version ${schemaVersion}; this server supports versions up to ${version}. Use a newer server.`,
      );
    }
    const missing = keysProblem(encryptionKeys, this.options.encryption);
    if (missing !== undefined) throw new TransferError(missing);
    this.serviceId = serviceId;
    hashLine(this.hash, this.text);
    return header;
  }

  private readRecord(value: Record<string, unknown>): TransferRecord {
    const { kind: name, row } = value as { readonly kind: string; readonly row: Row };
    const kind = this.kinds.find((known) => known.name === name);
    if (kind === undefined) return this.fail('a record of unknown kind');
    if (kind.ofAllServices && !this.options.allServiceTokens)
      this.fail('an API access token for all services, which is only accepted with --all-service-tokens');
    if ((this.number === 2) !== (kind === this.kinds[0])) this.fail('the service must be the second line');
    if (!isJsonObject(row)) return this.fail('a record without a row');
    const unknown = Object.keys(row).find((column) => !Object.hasOwn(kind.columns, column));
    if (unknown !== undefined) this.fail(`a record of ${name} has an unknown column`);
    for (const [column, type] of Object.entries(kind.columns)) {
      if (!isOfType(row[column], type)) this.fail(`${this.nameOf(name, row)}: ${column} must be ${describe(type)}`);
    }
    try {
      kind.exported.check?.(row, this.serviceId);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.fail(`${this.nameOf(name, row)}: ${error.message}`);
    }
    const problem = secretProblem(kind.table, { ...row, service_id: this.serviceId }, this.options.encryption);
    if (problem !== undefined) this.fail(`${this.nameOf(name, row)}: ${problem}`);
    this.counted[name] = (this.counted[name] ?? 0) + 1;
    hashLine(this.hash, this.text);
    return { kind, row: Object.fromEntries(Object.keys(kind.columns).map((column) => [column, row[column] ?? null])) };
  }

  /** The name of a record in messages. A hash would not help people. */
  private nameOf(kind: string, { sequence, client_id: clientId, token_id: tokenId }: Row): string {
    const id = kind === 'service' ? this.serviceId : (sequence ?? clientId ?? tokenId);
    return isOfType(id, 'id') ? `${kind} ${id}` : kind;
  }

  private expectTrailer({ counts, sha256 }: Trailer): void {
    if (JSON.stringify(counts) !== JSON.stringify(this.counted))
      this.fail('the number of records differs from that in the last line');
    if (sha256 !== this.hash.digest('hex')) this.fail('the file was changed after it was written');
  }

  private parse(): Record<string, unknown> {
    this.number += 1;
    try {
      const value: unknown = JSON.parse(this.text);
      if (isJsonObject(value)) return value;
    } catch {
      // The error below does not repeat the text, which may contain hashes.
    }
    return this.fail('not a JSON object');
  }

  private fail(problem: string): never {
    throw new TransferError(`Line ${this.number}: ${problem}.`);
  }
}

/** A cut can also be inside a character. */
function isJson(line: Buffer): boolean {
  try {
    JSON.parse(UTF_8.decode(line));
    return true;
  } catch {
    return false;
  }
}

/** Adds a line to the checksum of a file. */
export function hashLine(hash: Hash, line: string): void {
  hash.update(line).update('\n');
}

const DESCRIPTIONS: Readonly<Record<ColumnType, string>> = {
  hash: 'a SHA-256 hash in base64url',
  id: 'a whole number, 1 or more',
  version: `a whole number from 1 to ${LARGEST_COUNT}`,
  count: `a whole number from 0 to ${LARGEST_COUNT}`,
  time: 'at most one day after the time of the import, in milliseconds since 1970',
  number: 'a whole number, 0 or more',
  text: 'a text without U+0000',
  encrypted: 'a text without U+0000',
};

function describe(column: Column): string {
  return `${column.endsWith('?') ? 'null or ' : ''}${DESCRIPTIONS[typeOf(column)]}`;
}

function typeOf(column: Column): ColumnType {
  return column.replace('?', '') as ColumnType;
}

const HASH = /^[\w-]{43}$/;

function isOfType(value: SqlValue | undefined, column: Column): value is SqlValue {
  if (value === null || value === undefined) return column.endsWith('?');
  switch (typeOf(column)) {
    case 'id':
      return isCount(value) && value !== 0;
    case 'version':
      return isWithin(value, 1, LARGEST_COUNT);
    case 'count':
      return isWithin(value, 0, LARGEST_COUNT);
    case 'time':
      return isTime(value);
    case 'number':
      return isCount(value);
    case 'hash':
      return typeof value === 'string' && HASH.test(value);
    case 'text':
    case 'encrypted':
      // PostgreSQL cannot store U+0000.
      return typeof value === 'string' && !value.includes('\0');
  }
}

const LINE_FEED = 0x0a;

/** Lines end only with a line feed. Other line separators of Unicode may be part of a client's name. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let number = 1;
  /** The parts of a line that has not ended. They are joined once, because a line can have many. */
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
    if (length > LONGEST_LINE)
      throw new TransferError(`Line ${number}: it is longer than ${LONGEST_LINE} bytes, the limit for an export.`);
  };
  const end = (): string => {
    const line = decode(Buffer.concat(parts, length));
    parts = [];
    length = 0;
    number += 1;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, feed));
      yield end();
      start = feed + 1;
    }
    add(chunk.subarray(start));
  }
  if (length === 0) return;
  // A last line without a line feed was cut off, unless it can be parsed. A file of one line may be no export.
  if (number > 1 && !isJson(Buffer.concat(parts, length)))
    throw new TransferError(`The file is incomplete: line ${number} is cut off.`);
  yield end();
}

function decode(line: Buffer): string {
  try {
    return UTF_8.decode(line);
  } catch {
    throw new TransferError('The file is not UTF-8.');
  }
}
