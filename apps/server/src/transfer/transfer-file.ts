import { createHash, type Hash } from 'node:crypto';
import { isJsonObject } from '@clientele/model/metadata';
import type { SqlValue } from '../database/database.ts';
import { MIGRATIONS } from '../database/migrations/index.ts';
import { expectStorable, RecordError } from './transfer-documents.ts';
import { SERVICE_COLUMNS, TRANSFER_TABLES, type ColumnType, type TransferredRow } from './transfer-tables.ts';

export const FORMAT = 'clientele-export';
export const FORMAT_VERSION = 1;

/** The first line of an export. */
export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** Of the database that the export is from. */
  readonly schemaVersion: number;
  readonly serviceId: number;
  readonly exportedAt: string;
  /** IDs of the keys that what is encrypted may be encrypted with. */
  readonly encryptionKeys: readonly string[];
}

/** Each line between the first and the last; the first of them is the service. */
export interface TransferRecord {
  readonly kind: string;
  readonly row: TransferredRow;
}

/** How many records of each kind. */
export type Counts = Readonly<Record<string, number>>;

/** The last line: a file without it is not whole. */
export interface Trailer {
  readonly counts: Counts;
  /** SHA-256 of all lines before, line ends included, in hexadecimal. */
  readonly sha256: string;
}

/** The file is not what `clientele export` writes, or does not fit the store. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** Characters that one line can have at most; the largest client is far below. */
const LONGEST_LINE = 64 * 1024 * 1024;

const COLUMNS: ReadonlyMap<string, Readonly<Record<string, ColumnType>>> = new Map([
  ['service', SERVICE_COLUMNS],
  ...TRANSFER_TABLES.map(({ kind, columns }) => [kind, columns] as const),
]);

export interface ReadOptions {
  /** Whether API access tokens for all services are welcome: who brings one may do everything. */
  readonly allServiceTokens: boolean;
}

/** An export as it is read, line by line: the header first, then the records. Ends only where the file is whole. */
export class TransferReader {
  private readonly hash = createHash('sha256');
  private readonly counted: Record<string, number> = {};
  private number = 0;
  private serviceId = 0;

  private constructor(
    private readonly lines: AsyncGenerator<string>,
    private text: string,
    private readonly options: ReadOptions,
  ) {}

  static async open(
    chunks: AsyncIterable<Buffer>,
    options: ReadOptions,
  ): Promise<{ readonly header: Header; readonly reader: TransferReader }> {
    const lines = linesOf(chunks);
    const first = await lines.next();
    const reader = new TransferReader(lines, first.done ? '' : first.value, options);
    return { header: reader.readHeader(), reader };
  }

  get counts(): Counts {
    return this.counted;
  }

  /** Throws `TransferError` at the first line that cannot be read, and when the file does not end as it should. */
  async *records(): AsyncGenerator<TransferRecord> {
    for await (const line of this.lines) {
      this.text = line;
      const value = this.parse();
      if ('counts' in value) {
        this.expectTrailer(value as unknown as Trailer);
        if (!(await this.lines.next()).done) this.fail('the file goes on behind its last line');
        return;
      }
      yield this.readRecord(value);
    }
    throw new TransferError('The file is not whole: its last line, which says how much it holds, is missing.');
  }

  private readHeader(): Header {
    const value = this.parse();
    if (value.format !== FORMAT) this.fail(`not a file of 'clientele export'`);
    if (value.version !== FORMAT_VERSION)
      this.fail(`format version ${String(value.version)} is not known here; use a newer server`);
    const header = value as unknown as Header;
    const { serviceId, schemaVersion, encryptionKeys } = header;
    if (!isOfType(serviceId, 'id') || !isOfType(schemaVersion, 'number')) this.fail('the header is damaged');
    if (!Array.isArray(encryptionKeys) || !encryptionKeys.every((id) => typeof id === 'string'))
      this.fail('the header is damaged');
    expectKnownSchema(schemaVersion);
    this.serviceId = serviceId;
    this.hashLine();
    return header;
  }

  private readRecord(value: Record<string, unknown>): TransferRecord {
    const { kind, row } = value as unknown as TransferRecord;
    const columns = COLUMNS.get(kind);
    if (columns === undefined) return this.fail('a record of unknown kind');
    if (kind === 'api_access_token_of_all_services' && !this.options.allServiceTokens)
      this.fail('an API access token for all services, which is only taken with --all-service-tokens');
    if ((this.number === 2) !== (kind === 'service')) this.fail('the service must be the second line');
    if (!isJsonObject(row)) return this.fail('a record without row');
    const unknown = Object.keys(row).find((name) => !Object.hasOwn(columns, name));
    if (unknown !== undefined) this.fail(`a record of ${kind} has a column that is unknown here`);
    for (const [name, type] of Object.entries(columns)) {
      if (!isOfType(row[name], type)) this.fail(`${this.nameOf(kind, row)}: ${name} must be ${TYPE_NAMES[type]}`);
    }
    try {
      expectStorable(kind, row, this.serviceId);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.fail(`${this.nameOf(kind, row)}: ${error.message}`);
    }
    this.counted[kind] = (this.counted[kind] ?? 0) + 1;
    this.hashLine();
    return { kind, row: Object.fromEntries(Object.keys(columns).map((name) => [name, row[name] ?? null])) };
  }

  /** The name of a record in messages. A hash is of no use to people. */
  private nameOf(kind: string, { client_id: clientId, token_id: tokenId }: TransferredRow): string {
    const id = kind === 'service' ? this.serviceId : (clientId ?? tokenId);
    return isOfType(id, 'id') ? `${kind} ${id}` : kind;
  }

  private expectTrailer({ counts, sha256 }: Trailer): void {
    if (JSON.stringify(counts) !== JSON.stringify(this.counted))
      this.fail('the file does not hold as many records as it says');
    if (sha256 !== this.hash.digest('hex')) this.fail('the file was changed after it was written');
  }

  private parse(): Record<string, unknown> {
    this.number += 1;
    try {
      const value: unknown = JSON.parse(this.text);
      if (isJsonObject(value)) return value;
    } catch {
      // Said below, without the text, which may hold hashes.
    }
    return this.fail('not a JSON object');
  }

  private hashLine(): void {
    hashLine(this.hash, this.text);
  }

  private fail(problem: string): never {
    throw new TransferError(`Line ${this.number}: ${problem}.`);
  }
}

/** Adds a line to the checksum of a file. */
export function hashLine(hash: Hash, line: string): void {
  hash.update(line).update('\n');
}

function expectKnownSchema(schemaVersion: number): void {
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (schemaVersion > newest) {
    throw new TransferError(
      `The file is from a store with schema version ${schemaVersion}; this server knows versions up to ${newest}. Use a newer server.`,
    );
  }
}

const TYPE_NAMES: Readonly<Record<ColumnType, string>> = {
  hash: 'a SHA-256 hash in base64url',
  'hash?': 'null or a SHA-256 hash in base64url',
  id: 'a whole number, 1 or more',
  number: 'a whole number, 0 or more',
  'number?': 'null or a whole number, 0 or more',
  text: 'a text without U+0000',
  'text?': 'null or a text without U+0000',
};

const HASH = /^[\w-]{43}$/;

function isOfType(value: SqlValue | undefined, type: ColumnType): boolean {
  if (value === null || value === undefined) return type.endsWith('?');
  if (typeof value === 'number') {
    const least = type === 'id' ? 1 : 0;
    return (type === 'id' || type.startsWith('number')) && Number.isSafeInteger(value) && value >= least;
  }
  // PostgreSQL stores no U+0000.
  if (typeof value !== 'string' || value.includes('\0')) return false;
  return type.startsWith('hash') ? HASH.test(value) : type.startsWith('text');
}

/** Lines end with a line feed and nothing else: what other readers take for an end of line may stand in a client's name. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  try {
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw new TransferError('The file has a line that is too long for an export.');
      yield* lines;
    }
    rest += decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new TransferError('The file is not UTF-8.');
    throw error;
  }
  // A line without its end is one that was cut off, unless it can be read all the same.
  if (rest !== '') yield rest;
}
