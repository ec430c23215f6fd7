import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Metrics } from '../observability/metrics.ts';
import { SCHEMA } from '../schema.ts';
import { MeasuredDatabase } from './measured-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { WriteCheck } from './write-check.ts';

describe('WriteCheck', () => {
  let time: number;
  let database: MeasuredDatabase;
  let check: WriteCheck;
  const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);

  beforeEach(async () => {
    time = 0;
    const clock = () => time;
    check = new WriteCheck(clock);
    database = new MeasuredDatabase(await SqliteDatabase.open(':memory:'), new Metrics(), check, clock);
    await SCHEMA.migrate(database);
    logged.mockClear();
  });

  afterEach(() => database.close());
  afterAll(() => {
    logged.mockRestore();
  });

  const pragma = (sql: string) => database.read({ sql: `PRAGMA ${sql}`, values: [] });
  const change = (sql = 'UPDATE service_state SET state = state + 1') => database.write({ sql, values: [] });
  /** Whether the store can write, and the number of probes for it. */
  const ask = async (callers = 1): Promise<[boolean, number]> => {
    const write = jest.spyOn(database, 'write');
    const outcomes = await Promise.all(Array.from({ length: callers }, () => check.canWrite(database)));
    const probes = write.mock.calls.length;
    write.mockRestore();
    return [outcomes.every(Boolean), probes];
  };

  it('probes only if the latest write is a second old, and at most once a second for all callers', async () => {
    expect(await ask(3)).toEqual([true, 1]);
    time += 999;
    expect(await ask()).toEqual([true, 0]);
    await change();
    time += 999;
    expect(await ask()).toEqual([true, 0]);
    time += 1;
    expect(await ask(3)).toEqual([true, 1]);
  });

  it('notices a read-only store and its recovery within a second, without another write', async () => {
    await ask();
    await pragma('query_only = ON');
    time += 1_000;
    expect(await ask(3)).toEqual([false, 1]);
    await pragma('query_only = OFF');
    time += 999;
    expect(await ask()).toEqual([false, 0]);
    time += 1;
    expect(await ask()).toEqual([true, 1]);
  });

  it('notices a failed write of a caller at once, and that a later one succeeded', async () => {
    await ask();
    await pragma('max_page_count = 1');
    const grow = `INSERT INTO encryption_key (key_id, created_at) VALUES ('${'x'.repeat(10_000)}', 0)`;
    await expect(change(grow)).rejects.toMatchObject({ message: 'The disk of the store is full. Free space on it.' });
    expect(await ask()).toEqual([false, 0]);
    // This write needs no space: its failure and its success would show nothing.
    await change('UPDATE service_state SET state = 1 WHERE state = -1');
    expect(await ask()).toEqual([false, 0]);
    await change();
    expect(await ask()).toEqual([true, 0]);
  });

  it('is not changed by a wrong statement', async () => {
    await change();
    await expect(change('INSERT INTO service_state (state) VALUES (NULL)')).rejects.toThrow('NOT NULL');
    expect(await ask()).toEqual([true, 0]);
  });

  it('logs failures of an unavailable store at most once a second', async () => {
    await pragma('query_only = ON');
    for (let n = 0; n < 20; n++) await expect(change()).rejects.toThrow('cannot be opened for writing');
    expect(logged).toHaveBeenCalledTimes(1);
    time += 1_000;
    await expect(change()).rejects.toThrow('cannot be opened for writing');
    expect(logged).toHaveBeenCalledTimes(2);
  });
});
