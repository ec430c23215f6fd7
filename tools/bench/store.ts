/**
 * What the stores do for an update, without HTTP: SQLite with group commit against one transaction each, PostgreSQL with one
 * statement each against one statement for all that wait, and both with a thousand to a million clients. Writes
 * docs/benchmarks/store.md and store.json.
 *
 * Method: the built server's own stores, every commit flushed to disk; an update is a look-up and a replacement of a client of
 * 2.5 KB. Subjects take turns within every round (rounds.ts), and only turns of the same round are compared. PostgreSQL runs on
 * this machine and shares its processors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postgres } from '../../apps/server/test/support/postgres.ts';
import { measureConcurrency } from './store/concurrency.ts';
import { measureGrowth } from './store/growth.ts';
import { storePage } from './store/page.ts';
import { thisMachine, writeReport } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
const postgres = await Postgres.start({ durable: true });
try {
  const [, , largest = '1000000'] = process.argv;
  const sizes = [1_000, 100_000, 1_000_000].filter((size) => size <= Number(largest));
  const concurrency = await measureConcurrency(folder, postgres.url(), { rounds: 9, turn: 300, warmUp: 500 });
  const { results: growth, sizes: bytes } = await measureGrowth(folder, postgres.url(), sizes, {
    rounds: 15,
    turn: 200,
    warmUp: 300,
  });
  const report = { machine: thisMachine(), concurrency, growth, sizes: bytes };
  writeReport('store', storePage(report), report);
} finally {
  await postgres.remove();
  rmSync(folder, { recursive: true });
}
