import { StoreUnavailableError, type Database, type Statement } from '../src/database/database.ts';

export interface OpenDatabase {
  readonly database: Database;
  /** Removes what it kept, after it was closed. */
  readonly remove: () => Promise<void>;
}

/** A statement with its values. */
export function sql(text: string, ...values: Statement['values']): Statement {
  return { sql: text, values };
}

const TABLE = 'CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL, note TEXT)';

/** Gives a database the table that the tests of engines use, `thing`. */
export async function withThings(database: Database): Promise<Database> {
  await database.changeSchema((session) => session.query(TABLE));
  return database;
}

/** Keeps a thing with this ID. */
export function add(id: number): Statement {
  return sql('INSERT INTO thing (id, amount) VALUES ($1, 0)', id);
}

/** The IDs of all things, in order. */
export async function idsIn(database: Database): Promise<unknown[]> {
  return (await database.read(sql('SELECT id FROM thing ORDER BY id'))).map(({ id }) => id);
}

/** Statements that no engine can carry out. */
export const WRONG_STATEMENTS: readonly [what: string, statement: Statement][] = [
  ['breaks a constraint', sql('INSERT INTO thing (id, amount) SELECT 77, 0 UNION ALL SELECT 77, 0')],
  ['leaves out a value', sql('INSERT INTO thing (id) VALUES ($1)', 78)],
  ['is no SQL', sql('INSERT INTO')],
  ['names no table', sql('DELETE FROM nothing')],
];

/** What every engine must do for `Database`; `open` gives an empty one. */
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
      it('answers with the number of rows that each statement changed', async () => {
        expect(await database.write(add(1))).toEqual([1]);
        expect(await database.write(add(2), add(3), sql('DELETE FROM thing'))).toEqual([1, 1, 3]);
        expect(await database.write(sql('DELETE FROM thing'))).toEqual([0]);
      });

      it('does nothing when there is nothing to do', async () => {
        expect(await database.write()).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)('that %s fails alone among others at the same time', async (_what, statement) => {
        const answers = await Promise.allSettled([
          database.write(add(1)),
          database.write(statement),
          database.write(add(2)),
        ]);

        expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(await idsIn(database)).toEqual([1, 2]);
      });

      it.each(WRONG_STATEMENTS)('of statements of which the last %s changes nothing', async (_what, statement) => {
        await expect(database.write(add(1), add(2), statement)).rejects.toThrow();

        expect(await idsIn(database)).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)('of statements of which the first %s changes nothing', async (_what, statement) => {
        await expect(database.write(statement, add(1), add(2))).rejects.toThrow();

        expect(await idsIn(database)).toEqual([]);
      });

      it.each(WRONG_STATEMENTS)('that %s is no sign that the store is unavailable', async (_what, statement) => {
        await expect(database.write(statement)).rejects.not.toBeInstanceOf(StoreUnavailableError);
        await expect(database.write(add(1), statement)).rejects.not.toBeInstanceOf(StoreUnavailableError);
      });

      it('is taken back, alone among others, when a required statement changes no row', async () => {
        const answers = await Promise.all([
          database.write(add(1)),
          database.write(add(2), noThing, add(3)),
          database.write(add(4), { ...noThing, required: false }, add(5)),
          database.write(noThing),
        ]);

        expect(answers).toEqual([[1], [1, 0], [1, 0, 1], [0]]);
        expect(await idsIn(database)).toEqual([1, 4, 5]);
      });

      it('is kept when every required statement changes a row', async () => {
        const required = [add(1), add(2)].map((statement) => ({ ...statement, required: true }));

        expect(await database.write(...required)).toEqual([1, 1]);
        expect(await idsIn(database)).toEqual([1, 2]);
      });

      it('loses none of many at the same time on one row', async () => {
        await database.write(add(1));
        const more = sql('UPDATE thing SET amount = amount + 1 WHERE id = 1');

        await Promise.all(Array.from({ length: 60 }, (_, i) => database.write(...(i % 2 ? [more] : [more, more]))));

        expect(await database.read(sql('SELECT amount FROM thing'))).toEqual([{ amount: 90 }]);
      });

      it('that waits is carried out before the database is closed', async () => {
        const writes = Array.from({ length: 50 }, (_, i) => database.write(add(i)));

        await close();

        expect(await Promise.all(writes)).toEqual(writes.map(() => [1]));
      });
    });

    describe('read', () => {
      it('sees every write that was answered', async () => {
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

      it('gives back numbers up to 2^53 - 1, text of every kind, and null', async () => {
        const note = '\'"\\;-- $1 ? é 🦊 e\u0301\n';
        await database.write(sql('INSERT INTO thing (id, amount, note) VALUES ($1, $2, $3)', 2 ** 53 - 1, -1, note));
        await database.write(sql('INSERT INTO thing (id, amount, note) VALUES ($1, $2, $3)', 2, 2, null));

        expect(await database.read(sql('SELECT id, amount, note FROM thing ORDER BY id DESC'))).toEqual([
          { id: 2 ** 53 - 1, amount: -1, note },
          { id: 2, amount: 2, note: null },
        ]);
      });

      it('binds values by their numbers, in any order and more than once', async () => {
        await database.write(sql('INSERT INTO thing (note, amount, id) VALUES ($2, $1, $1)', 7, 'seven'));

        expect(
          await database.read(sql('SELECT id FROM thing WHERE note = $2 AND id = $1 AND amount = $1', 7, 'seven')),
        ).toEqual([{ id: 7 }]);
      });

      it('of something that is no SQL is no sign that the store is unavailable', async () => {
        await expect(database.read(sql('SELEC'))).rejects.not.toBeInstanceOf(StoreUnavailableError);
        expect(await idsIn(database)).toEqual([]);
      });
    });

    describe('changeSchema', () => {
      it('keeps all of the change, and gives its result', async () => {
        const result = await database.changeSchema(async ({ hasTable, query }) => {
          const before = await hasTable('other');
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
          await query('INSERT INTO other (id) VALUES ($1)', [1]);
          return [before, await hasTable('other'), await query('SELECT id FROM other')];
        });

        expect(result).toEqual([false, true, [{ id: 1 }]]);
        expect(await database.read(sql('SELECT id FROM other'))).toEqual([{ id: 1 }]);
      });

      it('keeps nothing of a change that fails, and fails with its very error', async () => {
        const error = new Error('The change is not to be.');

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

      it('keeps nothing of a change that is wrong', async () => {
        const change = database.changeSchema(async ({ query }) => {
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
          await query('CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)');
        });

        await expect(change).rejects.toThrow('other');
        expect(await database.changeSchema(({ hasTable }) => hasTable('other'))).toBe(false);
      });

      it('carries out changes that come at the same time one after the other', async () => {
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
