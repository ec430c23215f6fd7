import { StoreUnavailableError, type Database, type Statement } from '../src/database/database.ts';

export interface OpenDatabase {
  readonly database: Database;
  /** Deletes the stored data after the database was closed. */
  readonly remove: () => Promise<void>;
}

/** A statement with its values. */
export function sql(text: string, ...values: Statement['values']): Statement {
  return { sql: text, values };
}

const TABLE = 'CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL, note TEXT)';

/** Creates the table `thing` for the tests of engines. */
export async function withThings(database: Database): Promise<Database> {
  await database.changeSchema((session) => session.query(TABLE));
  return database;
}

/** Inserts a thing with this ID. */
export function add(id: number): Statement {
  return sql('INSERT INTO thing (id, amount) VALUES ($1, 0)', id);
}

/** The IDs of all things, in order. */
export async function idsIn(database: Database): Promise<unknown[]> {
  return (await database.read(sql('SELECT id FROM thing ORDER BY id'))).map(({ id }) => id);
}

/** Statements that fail on every engine. */
export const WRONG_STATEMENTS: readonly [what: string, statement: Statement][] = [
  ['violates a constraint', sql('INSERT INTO thing (id, amount) SELECT 77, 0 UNION ALL SELECT 77, 0')],
  ['omits a value', sql('INSERT INTO thing (id) VALUES ($1)', 78)],
  ['is not SQL', sql('INSERT INTO')],
  ['names a missing table', sql('DELETE FROM nothing')],
];

/** Tests that `Database` must pass on every engine; `open` returns an empty database. */
export function databaseContract(name: string, open: () => Promise<OpenDatabase>): void {
  describe(`Database on ${name}`, () => {
    let database: Database;
    let remove: OpenDatabase['remove'];
    let isClosed: boolean;

    beforeEach(async () => {
      ({ database, remove } = await open());
      isClosed = false;
      await withThings(database);
    });

    const close = async (): Promise<void> => {
      isClosed = true;
      await database.close();
    };

    afterEach(async () => {
      if (!isClosed) await close();
      await remove();
    });

    const noThing: Statement = { ...sql('DELETE FROM thing WHERE id = -1'), required: true };

    describe('write', () => {
      it('returns the number of rows that each statement changed', async () => {
        expect(await database.write(add(1))).toEqual([1]);
        expect(await database.write(add(2), add(3), sql('DELETE FROM thing'))).toEqual([1, 1, 3]);
        expect(await database.write(sql('DELETE FROM thing'))).toEqual([0]);
      });

      it('accepts an empty list of statements', async () => {
        expect(await database.write()).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)('does not affect concurrent writes if its statement %s', async (_what, statement) => {
        const results = await Promise.allSettled([
          database.write(add(1)),
          database.write(statement),
          database.write(add(2)),
        ]);

        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(await idsIn(database)).toEqual([1, 2]);
      });

      it.each(WRONG_STATEMENTS)('changes nothing if its last statement %s', async (_what, statement) => {
        await expect(database.write(add(1), add(2), statement)).rejects.toThrow();

        expect(await idsIn(database)).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)('changes nothing if its first statement %s', async (_what, statement) => {
        await expect(database.write(statement, add(1), add(2))).rejects.toThrow();

        expect(await idsIn(database)).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)(
        'does not report an unavailable store if its statement %s',
        async (_what, statement) => {
          await expect(database.write(statement)).rejects.not.toBeInstanceOf(StoreUnavailableError);
          await expect(database.write(add(1), statement)).rejects.not.toBeInstanceOf(StoreUnavailableError);
        },
      );

      it('is rolled back alone if a required statement changes no row', async () => {
        const results = await Promise.all([
          database.write(add(1)),
          database.write(add(2), noThing, add(3)),
          database.write(add(4), { ...noThing, required: false }, add(5)),
          database.write(noThing),
        ]);

        expect(results).toEqual([[1], [1, 0], [1, 0, 1], [0]]);
        expect(await idsIn(database)).toEqual([1, 4, 5]);
      });

      it('is committed if every required statement changes a row', async () => {
        const required = [add(1), add(2)].map((statement) => ({ ...statement, required: true }));

        expect(await database.write(...required)).toEqual([1, 1]);
        expect(await idsIn(database)).toEqual([1, 2]);
      });

      it('loses no concurrent update of one row', async () => {
        await database.write(add(1));
        const more = sql('UPDATE thing SET amount = amount + 1 WHERE id = 1');

        await Promise.all(Array.from({ length: 60 }, (_, i) => database.write(...(i % 2 ? [more] : [more, more]))));

        expect(await database.read(sql('SELECT amount FROM thing'))).toEqual([{ amount: 90 }]);
      });

      it('is completed before the database is closed', async () => {
        const writes = Array.from({ length: 50 }, (_, i) => database.write(add(i)));

        await close();

        expect(await Promise.all(writes)).toEqual(writes.map(() => [1]));
      });
    });

    describe('read', () => {
      it('sees every acknowledged write', async () => {
        const seen = await Promise.all(
          Array.from({ length: 100 }, async (_, id) => {
            await database.write(add(id));
            return (await database.read(sql('SELECT id FROM thing WHERE id = $1', id))).length;
          }),
        );

        expect(seen).toEqual(seen.map(() => 1));
      });

      it('sees all of a write or nothing', async () => {
        const reads: Promise<unknown[]>[] = [];
        for (let id = 0; id < 40; id += 2) {
          const write = database.write(add(id), add(id + 1));
          reads.push(idsIn(database), idsIn(database));
          await write;
        }

        for (const ids of await Promise.all(reads)) expect(ids.length % 2).toBe(0);
      });

      it('returns numbers up to 2^53 - 1, special characters and null', async () => {
        const note = '\'"\\;-- $1 ? é 🦊 e\u0301\n';
        await database.write(sql('INSERT INTO thing (id, amount, note) VALUES ($1, $2, $3)', 2 ** 53 - 1, -1, note));
        await database.write(sql('INSERT INTO thing (id, amount, note) VALUES ($1, $2, $3)', 2, 2, null));

        expect(await database.read(sql('SELECT id, amount, note FROM thing ORDER BY id DESC'))).toEqual([
          { id: 2 ** 53 - 1, amount: -1, note },
          { id: 2, amount: 2, note: null },
        ]);
      });

      it('binds values by number, in any order and more than once', async () => {
        await database.write(sql('INSERT INTO thing (note, amount, id) VALUES ($2, $1, $1)', 7, 'seven'));

        expect(
          await database.read(sql('SELECT id FROM thing WHERE note = $2 AND id = $1 AND amount = $1', 7, 'seven')),
        ).toEqual([{ id: 7 }]);
      });

      it('does not report an unavailable store if the statement is not SQL', async () => {
        await expect(database.read(sql('SELEC'))).rejects.not.toBeInstanceOf(StoreUnavailableError);
        expect(await idsIn(database)).toEqual([]);
      });
    });

    describe('changeSchema', () => {
      it('commits the change, and returns its result', async () => {
        const result = await database.changeSchema(async ({ hasTable, query }) => {
          const before = await hasTable('other');
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
          await query('INSERT INTO other (id) VALUES ($1)', [1]);
          return [before, await hasTable('other'), await query('SELECT id FROM other')];
        });

        expect(result).toEqual([false, true, [{ id: 1 }]]);
        expect(await database.read(sql('SELECT id FROM other'))).toEqual([{ id: 1 }]);
      });

      it('rolls back a change that throws, and rethrows its error', async () => {
        const error = new Error('The change fails.');

        const change = database.changeSchema(async ({ query }) => {
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
          await query('INSERT INTO thing (id, amount) VALUES (1, 1)');
          throw error;
        });

        await expect(change).rejects.toBe(error);
        expect(await database.changeSchema(({ hasTable }) => hasTable('other'))).toBe(false);
        expect(await idsIn(database)).toEqual([]);
        expect(await database.write(add(1))).toEqual([1]);
      });

      it('rolls back a change with an invalid statement', async () => {
        const change = database.changeSchema(async ({ query }) => {
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
        });

        await expect(change).rejects.toThrow('other');
        expect(await database.changeSchema(({ hasTable }) => hasTable('other'))).toBe(false);
      });

      it('runs concurrent changes one after the other', async () => {
        const create = () =>
          database.changeSchema(async ({ hasTable, query }) => {
            const found = await hasTable('other');
            if (!found) await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
            return found;
          });

        const found = await Promise.all([create(), create(), create(), create()]);

        expect([...found].sort()).toEqual([false, true, true, true]);
      });
    });
  });
}
