import type { Database, Row, SqlValue, Statement } from '../database/database.ts';
import { hasExpired, type RecordKind } from './record-kind.ts';
import { TransferError, type Counts } from './transfer-file.ts';

/** Rows that follow from records and that one statement stores. */
const ALONGSIDE = 1000;

/**
 * Stores rows with those that follow from them, unless they exist. Throws `TransferError` if another row is in their place. If each
 * following row must belong to one row, all of the rows are stored or none.
 */
export async function storeRows(
  database: Database,
  kind: RecordKind,
  serviceId: number,
  rows: readonly Row[],
): Promise<void> {
  const following = alongside(kind, serviceId, rows);
  const strict = following.some(({ required }) => required !== undefined);
  const inserted = { ...insert(kind, serviceId, rows), ...(strict && { required: rows.length }) };
  const changes = await database.write(inserted, ...following);
  if (changes[0] !== rows.length) await expectSame(database, kind, serviceId, rows, false);
  else if (following[changes.length - 2]?.required !== undefined && changes.at(-1) === 0)
    throw await takenError(database, kind, serviceId, rows);
}

/** Stores the rows that do not exist. */
export function insert(
  { table, columns, exported: { derived }, ofAllServices }: RecordKind,
  serviceId: number,
  rows: readonly Row[],
): Statement {
  const names = ['service_id', ...Object.keys(columns), ...(derived?.columns ?? [])];
  return insertion(
    table.name,
    names,
    rows.map((row) => ({ ...row, ...derived?.of(row), service_id: ofAllServices ? null : serviceId })),
  );
}

/** Stores the rows of other tables that follow from the rows. */
function alongside({ exported: { derived } }: RecordKind, serviceId: number, rows: readonly Row[]): Statement[] {
  return (derived?.alongside ?? []).flatMap(({ table, of, unique }) => {
    const all = rows.flatMap((row) => of(row, serviceId));
    const statements: Statement[] = [];
    for (let start = 0; start < all.length; start += ALONGSIDE) {
      const chunk = all.slice(start, start + ALONGSIDE);
      const statement = insertion(table, Object.keys(chunk[0] ?? {}), chunk);
      statements.push({ ...statement, ...(unique !== undefined && { required: chunk.length }) });
    }
    return statements;
  });
}

/** The error about the row whose following rows belong to another row. */
async function takenError(
  database: Database,
  { name, key, exported: { derived } }: RecordKind,
  serviceId: number,
  rows: readonly Row[],
): Promise<TransferError> {
  let taken: Row | undefined;
  for (const { table, of, unique } of derived?.alongside ?? []) {
    if (unique === undefined) continue;
    const valuesOf = (row: Row) => of(row, serviceId).map((each) => each[unique] ?? null);
    const values = rows.flatMap(valuesOf);
    const places = values.map((_value, index) => `$${index + 2}`).join(', ');
    const sql = `SELECT ${unique} FROM ${table} WHERE service_id = $1 AND ${unique} IN (${places})`;
    const found = await database.read({ sql, values: [serviceId, ...values] });
    const seen = new Set(found.map((row) => row[unique] ?? null));
    taken ??= rows.find((row) => valuesOf(row).some((value) => seen.size === seen.add(value).size));
  }
  return new TransferError(
    `The ${name} ${String(taken?.[key])} has the same identifier as another ${name}, which is in the file or was stored by an ` +
      'unfinished import. --start-over deletes the rows of an unfinished import.',
  );
}

function insertion(table: string, names: readonly string[], rows: readonly Row[]): Statement {
  const values = rows.flatMap((row) => names.map((name) => row[name] ?? null));
  const tuples = rows.map(
    (_row, index) => `(${names.map((_name, column) => `$${index * names.length + column + 1}`).join(', ')})`,
  );
  return {
    sql: `INSERT INTO ${table} (${names.join(', ')}) VALUES ${tuples.join(', ')} ON CONFLICT DO NOTHING`,
    values,
  };
}

/** The stored rows with the keys of the given ones, by key. */
export async function find(
  database: Database,
  { table, key, columns }: RecordKind,
  serviceId: number,
  rows: readonly Row[],
): Promise<ReadonlyMap<SqlValue | undefined, Row>> {
  // If the key alone identifies a row, the row may belong to another service.
  const withinService = table.primaryKey.includes('service_id');
  const placeholders = rows.map((_row, index) => `$${index + (withinService ? 2 : 1)}`);
  const found = await database.read({
    sql: `SELECT service_id, ${Object.keys(columns).join(', ')} FROM ${table.name}
      WHERE ${withinService ? 'service_id = $1 AND' : ''} ${key} IN (${placeholders.join(', ')})`,
    values: [...(withinService ? [serviceId] : []), ...rows.map((row) => row[key] ?? null)],
  });
  return new Map(found.map((row) => [row[key], row]));
}

/** Throws unless all of the rows exist as they are in the file, except those that have expired. */
export async function expectSame(
  database: Database,
  kind: RecordKind,
  serviceId: number,
  rows: readonly Row[],
  already: boolean,
): Promise<void> {
  const names = Object.keys(kind.columns);
  const byKey = await find(database, kind, serviceId, rows);
  const owner: SqlValue = kind.ofAllServices ? null : serviceId;
  const other = rows.find((row) => {
    const found = byKey.get(row[kind.key] ?? null);
    if (found === undefined && hasExpired(kind, row)) return false;
    return found?.service_id !== owner || names.some((name) => found[name] !== row[name]);
  });
  if (other !== undefined) throw different(already, `a ${kind.name} differs`);
}

/** Throws if there are more rows than in the file, except those that have expired. */
export async function expectNoMore(
  database: Database,
  { name, table, ofAllServices, exported: { expiresAt } }: RecordKind,
  serviceId: number,
  counts: Counts,
  already: boolean,
): Promise<void> {
  if (ofAllServices) return;
  const sql = `SELECT count(*) AS n FROM ${table.name} WHERE service_id = $1`;
  const [row] =
    expiresAt === undefined
      ? await database.read({ sql, values: [serviceId] })
      : await database.read({ sql: `${sql} AND ${expiresAt} > $2`, values: [serviceId, Date.now()] });
  // All rows of the file exist. There are fewer only if some have expired meanwhile.
  if (Number(row?.n) > (counts[name] ?? 0)) throw different(already, `it has other records of ${name}`);
}

function different(already: boolean, how: string): TransferError {
  return new TransferError(
    already
      ? `The service was imported before and has changed since (${how}). Nothing was changed.`
      : `Rows of an unfinished import of another file remain (${how}). Delete them with --start-over.`,
  );
}
