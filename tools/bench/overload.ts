import { setTimeout } from 'node:timers/promises';
import { table } from '../docs/markdown.ts';
import { type Calls, registerClients } from './calls.ts';
import type { Connection, Response } from './connection.ts';
import { clientele, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, percentile, type Load } from './load.ts';
import { medianAndMinimum } from './page.ts';

/** As those of a proxy. A request that finds all of them waiting for a response is not sent, and counted. */
const CONNECTIONS = 1_024;

const HEADINGS = ['cpu per arrival, us', 'arrived/s', 'answered/s', 'refused/s', 'not sent/s', 'p50, ms', 'p99, ms'];

export async function overload(load: Load): Promise<string> {
  const { update } = await registerClients(await clientele(onSqlite()), DOCUMENTS.jwks, 2 * CONNECTIONS);
  await callUnderLoad(update, load);
  const connections = await update.open(CONNECTIONS);
  const measured = [0.5, 1, 2, 4].map((times) => ({ times, results: [] as number[][] }));
  for (let round = 0; round < load.rounds; round++) {
    const { rate } = await callUnderLoad(update, load);
    for (const { times, results } of measured) {
      results.push(await sendAtRate(update, connections, times * rate, load.seconds));
    }
  }
  const rows = measured.map(({ times, results }) => [
    String(times),
    ...HEADINGS.map((_, column) => medianAndMinimum(results.map((result) => result[column]!))),
  ]);
  return `Updates on SQLite arrive at a fixed rate over ${CONNECTIONS} connections, whether or not the server responds. The capacity is what it
answers in the same round if each of ${load.connections} connections waits for its response. Refused: 503 with \`Retry-After\`. Latencies are those
of answered requests, from when they were due.

${table(['times capacity', ...HEADINGS], rows)}`;
}

/** The values of one row, in the order of the headings. */
export async function sendAtRate(calls: Calls, connections: readonly Connection[], rate: number, seconds: number) {
  const free = [...connections];
  const sent: Promise<{ response: Response; latency: number }>[] = [];
  const send = async (connection: Connection, dueAt: number) => {
    const response = await connection.send(calls.next());
    free.push(connection);
    return { response, latency: performance.now() - dueAt };
  };
  const before = await calls.contender.server.usage();
  const start = performance.now();
  const secondsSoFar = () => (performance.now() - start) / 1000;
  let arrived = 0;
  while (secondsSoFar() < seconds) {
    for (; arrived < secondsSoFar() * rate; arrived++) {
      const connection = free.pop();
      if (connection !== undefined) sent.push(send(connection, start + (1000 * arrived) / rate));
    }
    await setTimeout(1);
  }
  const results = await Promise.all(sent);
  const took = secondsSoFar();
  const after = await calls.contender.server.usage();
  const answered = results.filter(({ response }) => !isRefusal(response));
  for (const { response } of answered) calls.check(response);
  const latencies = answered.map(({ latency }) => latency);
  const counts = [arrived, answered.length, sent.length - answered.length, arrived - sent.length];
  const cpu = (after.cpu - before.cpu) / arrived;
  return [cpu, ...counts.map((count) => count / took), percentile(latencies, 0.5), percentile(latencies, 0.99)];
}

const isRefusal = ({ status, head }: Response) => status === 503 && /\r\nretry-after: /i.test(head);
