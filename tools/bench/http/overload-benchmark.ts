import { thisMachine, type Machine } from '../report.ts';
import { ratio, spread, type Spread } from '../rounds.ts';
import { ClientPool } from './client-pool.ts';
import { newDatabase, settingsOf } from './contenders.ts';
import { callUnderLoad, fill, type LoadResult, type Target } from './load.ts';
import { OpenLoop, type Arrivals } from './open-loop.ts';
import { apiPlane } from './plane.ts';
import { startServer } from './server-process.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

export interface OverloadEffort {
  readonly rounds: number;
  /** Clients that updates are for; more than can be in flight. */
  readonly clients: number;
  /** Updates before anything is counted, and of one measurement of what is sustainable. */
  readonly warmUp: number;
  readonly sustained: number;
  /** Seconds of too much. */
  readonly seconds: number;
}

/** How many times what is sustainable arrives in an overload, and after it. */
export const OVERLOAD = 4;
export const AFTERWARDS = 0.5;

/** Connections that keep the server busy without overloading it. */
export const CONNECTIONS = 64;

/** Seconds after the overload that are looked at one by one. */
const SECONDS_AFTERWARDS = 3;

export interface OverloadRound {
  readonly sustainable: LoadResult;
  readonly overload: Arrivals;
  /** The seconds after it. */
  readonly afterwards: readonly Arrivals[];
}

export interface OverloadReport {
  readonly machine: Machine;
  readonly effort: OverloadEffort;
  readonly rounds: readonly OverloadRound[];
  /** How many times its normal value the 99th percentile of what is admitted has in the overload. */
  readonly tail: Spread;
  /** What part of what is sustainable is admitted in the overload. */
  readonly admitted: Spread;
  /** What part of what arrives in the overload is refused. */
  readonly refused: Spread;
  /** How many times its normal value the 99th percentile has in the first second after it. */
  readonly recovery: Spread;
}

/** Measures what a server can keep up with, sends it four times as much, and then half of it again. */
export async function runOverloadBenchmark(effort: OverloadEffort): Promise<OverloadReport> {
  const rounds = await inTemporaryFolder(async (folder) => {
    const server = await startServer(['variant.ts', 'as-is'], settingsOf(await newDatabase('sqlite', folder)));
    const target = { servers: [server], plane: apiPlane(), clients: new ClientPool() };
    const openLoop = new OpenLoop(server.baseUrl, target.plane, target.clients);
    try {
      await fill(target, effort.clients);
      await callUnderLoad(target, 'update', { connections: CONNECTIONS, requests: effort.warmUp });
      await openLoop.open();
      const measured: OverloadRound[] = [];
      for (let round = 0; round < effort.rounds; round++) measured.push(await overload(target, openLoop, effort));
      return measured;
    } finally {
      openLoop.close();
      await server.stop();
    }
  });
  const of = (value: (round: OverloadRound) => number) => rounds.map(value);
  const normal = of(({ sustainable }) => sustainable.p99);
  return {
    machine: thisMachine(),
    effort,
    rounds,
    tail: ratio(
      of((round) => round.overload.admitted.p99),
      normal,
    ),
    admitted: ratio(
      of((round) => round.overload.admitted.perSecond),
      of(({ sustainable }) => sustainable.requestsPerSecond),
    ),
    refused: spread(of((round) => round.overload.refused.count / round.overload.arrived)),
    recovery: ratio(
      of((round) => round.afterwards[0]?.admitted.p99 ?? NaN),
      normal,
    ),
  };
}

async function overload(
  target: Target,
  openLoop: OpenLoop,
  { sustained, seconds }: OverloadEffort,
): Promise<OverloadRound> {
  const sustainable = await callUnderLoad(target, 'update', { connections: CONNECTIONS, requests: sustained });
  const rate = sustainable.requestsPerSecond;
  const loads = [
    { rate: OVERLOAD * rate, seconds },
    ...Array.from({ length: SECONDS_AFTERWARDS }, () => ({ rate: AFTERWARDS * rate, seconds: 1 })),
  ];
  const answered: Promise<Arrivals>[] = [];
  for (const load of loads) {
    const sending = openLoop.send(load);
    answered.push(sending.answered);
    // What follows does not wait for the answers either.
    await sending.sent;
  }
  const [first, ...afterwards] = await Promise.all(answered);
  if (first === undefined) throw new Error('There was no load.');
  return { sustainable, overload: first, afterwards };
}
