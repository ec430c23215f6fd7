import { table } from '../docs/markdown.ts';
import { Calls, registerClients } from './calls.ts';
import { clientele, onSqlite, type Contender } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import type { Load } from './load.ts';
import { medianAndMinimum } from './page.ts';

interface Start {
  readonly contender: Contender;
  /** Milliseconds of processor time, and from the start of the process, until the first successful response. */
  readonly cpu: number;
  readonly time: number;
}

/** Starts on an empty store, is killed under load, and starts again on what it left. */
export async function start({ rounds }: Load): Promise<string> {
  const starts: Record<string, Start[]> = { 'on an empty store': [], 'after kill -9 under load': [] };
  for (let round = 0; round < rounds; round++) {
    const settings = onSqlite();
    for (const results of Object.values(starts)) {
      const started = await startAndRegister(settings);
      results.push(started);
      await registerClients(started.contender, DOCUMENTS.jwks, 2_000);
      // These requests are under way when the server is killed, and fail.
      const underWay = registerClients(started.contender, DOCUMENTS.jwks, Infinity).catch(() => undefined);
      await Promise.all([underWay, started.contender.server.stop('SIGKILL')]);
    }
  }
  const rows = Object.entries(starts).map(([name, results]) => [
    name,
    medianAndMinimum(results.map(({ cpu }) => cpu)),
    medianAndMinimum(results.map(({ time }) => time)),
  ]);
  return `Clientele on SQLite, from the start of the process until the first successful registration.

${table(['start', 'cpu, ms', 'time, ms'], rows)}`;
}

async function startAndRegister(settings: Readonly<Record<string, string>>): Promise<Start> {
  const startedAt = performance.now();
  const contender = await clientele(settings);
  const [connection] = await new Calls(contender, 'register', DOCUMENTS.jwks).open(1);
  const time = performance.now() - startedAt;
  connection!.close();
  return { contender, time, cpu: (await contender.server.usage()).cpu / 1000 };
}
