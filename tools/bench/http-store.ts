/**
 * What the store costs an update over HTTP: SQLite with group commit against one transaction each, and PostgreSQL against a
 * bare `UPDATE` of a client that was not even looked up. Writes docs/benchmarks/http-store.md and http-store.json.
 *
 * Method: the built server in processes of its own (http/variant.ts) on durable stores; 64 connections of autocannon update 256
 * clients of 2.5 KB; the variants take turns of so many requests, and ratios are of turns in the same round. Everything shares the
 * processors of this machine.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, Postgres } from '../../apps/server/test/support/postgres.ts';
import { callUnderLoad, registerClients, type Bodies, type LoadResult } from './http/load.ts';
import { startServer, type RunningServer } from './http/server-process.ts';
import { httpStorePage, VARIANTS, type HttpStoreReport, type VariantName } from './http/store-page.ts';
import { thisMachine, writeReport } from './report.ts';
import { ratio, spread } from './rounds.ts';

const ROUNDS = 7;
const CLIENTS = 256;
const LOAD = { connections: 64, requests: 12_000 };

const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
const postgres = await Postgres.start({ durable: true });
const servers: RunningServer[] = [];
try {
  const bodies = {} as Record<VariantName, Bodies>;
  const running = {} as Record<VariantName, RunningServer>;
  const results = {} as Record<VariantName, LoadResult[]>;
  for (const { name, engine, variant } of VARIANTS) {
    const { url } =
      engine === 'sqlite' ? { url: `sqlite:${folder}/${variant}.db` } : await createDatabase(postgres.url());
    const encryptionKey = randomBytes(32).toString('base64url');
    running[name] = await startServer(['variant.ts', variant], {
      LOG_LEVEL: 'warn',
      DATABASE_URL: url,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEY: encryptionKey,
    });
    servers.push(running[name]);
    bodies[name] = await registerClients(running[name].baseUrl, CLIENTS);
    // In this one the engine compiles what it will run.
    await callUnderLoad(running[name], 'update', bodies[name], LOAD);
    results[name] = [];
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of VARIANTS) {
      results[name].push(await callUnderLoad(running[name], 'update', bodies[name], LOAD));
    }
  }
  const rates = (name: VariantName) => results[name].map(({ requestsPerSecond }) => requestsPerSecond);
  const report: HttpStoreReport = {
    machine: thisMachine(),
    rounds: ROUNDS,
    load: LOAD,
    variants: VARIANTS.map(({ name }) => ({
      name,
      requestsPerSecond: spread(rates(name)),
      p50: spread(results[name].map(({ p50 }) => p50)),
      p99: spread(results[name].map(({ p99 }) => p99)),
    })),
    groupCommitGain: ratio(rates('SQLite, group commit'), rates('SQLite, one transaction each')),
    ofBareUpdate: ratio(rates('PostgreSQL'), rates('PostgreSQL, bare update')),
  };
  writeReport('http-store', httpStorePage(report), report);
} finally {
  for (const server of servers) await server.stop();
  await postgres.remove();
  rmSync(folder, { recursive: true });
}
