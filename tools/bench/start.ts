import { setTimeout } from 'node:timers/promises';
import { table } from '../docs/markdown.ts';
import { Calls, registerClients } from './calls.ts';
import { clientele, onSqlite, type Settings } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import type { Load } from './load.ts';
import { medianAndMinimum } from './page.ts';

/** Starts on an empty store, is killed under load, and starts again on what it left. */
export async function start({ rounds }: Load): Promise<string> {
  const starts: Record<string, [cpu: number, time: number][]> = { 'empty store': [], 'after kill -9 under load': [] };
  for (let round = 0; round < rounds; round++) {
    const settings = onSqlite();
    for (const results of Object.values(starts)) results.push(await startAndKill(settings));
  }
  const rows = Object.entries(starts).map(([name, results]) => [
    name,
    ...[0, 1].map((column) => medianAndMinimum(results.map((result) => result[column]!))),
  ]);
  return `Clientele on SQLite, from the start of the process until the first successful registration. A killed server had 2,000 clients or more.

${table(['start', 'cpu, ms', 'time, ms'], rows)}`;
}

/** Milliseconds of processor time, and of time, until the first successful response. */
async function startAndKill(settings: Settings): Promise<[cpu: number, time: number]> {
  const startedAt = performance.now();
  const contender = await clientele(settings);
  await new Calls(contender, 'register', DOCUMENTS.jwks).open(1);
  const time = performance.now() - startedAt;
  const { cpu } = await contender.server.usage();
  await registerClients(contender, DOCUMENTS.jwks, 2_000);
  // These requests are under way when the server is killed, and fail.
  const underWay = registerClients(contender, DOCUMENTS.jwks, Infinity).catch(() => undefined);
  await setTimeout(300);
  await Promise.all([underWay, contender.server.stop('SIGKILL')]);
  return [cpu / 1000, time];
}
