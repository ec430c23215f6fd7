import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMA } from '../schema.ts';
import { migrateStore } from './migrate-store.ts';
import { Schema } from './schema.ts';
import { SqliteDatabase } from './sqlite-database.ts';

describe('migrateStore', () => {
  const NEXT = new Schema(SCHEMA.tables, [
    ...SCHEMA.migrations,
    { version: 2, name: 'second schema', steps: ['DELETE FROM service_state', 'CREATE TABLE second (id BIGINT)'] },
  ]);
  let folder: string;
  let path: string;
  let database: SqliteDatabase;
  let lines: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-migrate-'));
    path = join(folder, 'clientele.db');
    database = await SqliteDatabase.open(path);
    lines = [];
  });

  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const migrate = (schema: Schema) => {
    const print = (line: string): void => void lines.push(line);
    return migrateStore({ engine: 'sqlite', path }, database, schema, { log: print, warn: print });
  };
  const backups = () => readdirSync(folder).filter((name) => /bak|unfinished/.test(name));
  const states = async (store: SqliteDatabase) =>
    (await store.read({ sql: 'SELECT state FROM service_state', values: [] })).length;

  it('creates a new store without a copy, and writes one line for each version', async () => {
    await migrate(SCHEMA);
    await migrate(SCHEMA);

    expect(lines).toEqual([expect.stringMatching(/^version 1 {2}applied: first schema \(\d+ ms\)$/)]);
    expect(backups()).toEqual([]);
  });

  it('copies an existing store before it changes it', async () => {
    await migrate(SCHEMA);
    lines = [];
    await migrate(NEXT);

    expect(lines).toEqual([
      `The store was copied to ${path}.v1.bak before its migration.`,
      expect.stringMatching(/^version 2 {2}applied: second schema \(\d+ ms\)$/),
    ]);
    expect(backups()).toEqual(['clientele.db.v1.bak']);
    expect(await states(database)).toBe(0);
    const copy = await SqliteDatabase.open(`${path}.v1.bak`);
    expect(await states(copy)).toBe(1);
    await copy.close();
  });

  it('migrates nothing if the copy fails', async () => {
    await migrate(SCHEMA);
    mkdirSync(`${path}.v1.bak`);

    await expect(migrate(NEXT)).rejects.toThrow('EISDIR');
    expect(await states(database)).toBe(1);
    expect(backups()).toEqual(['clientele.db.v1.bak']);
  });
});
