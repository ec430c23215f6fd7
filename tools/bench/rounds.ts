import { setImmediate } from 'node:timers/promises';

/** What is measured; called again and again, one call after the other. */
export type Subject = () => unknown;

export interface Effort {
  /** How often every subject has its turn. */
  readonly rounds: number;
  /** Milliseconds of one turn. */
  readonly turn: number;
  /** Milliseconds of each subject that are not counted: in them the engine learns what there is to compile, and compiles it. */
  readonly warmUp: number;
}

/** Over the rounds; microseconds of processor time of one call, or a ratio. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Microseconds of processor time of one call of each subject in each round. The subjects take turns, so that whatever else the machine does
 * falls on all of them alike: what is compared is what was measured in the same round.
 */
export async function measureRounds<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  { rounds, turn, warmUp }: Effort,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(subjects) as Name[];
  const calls = new Map<Name, number>();
  for (const name of names) {
    const callsOfWarmUp = await callsThatTake(warmUp, subjects[name]);
    calls.set(name, Math.max(1, Math.round((callsOfWarmUp * turn) / warmUp)));
  }
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      times[name].push(await time(subjects[name], calls.get(name) ?? 1));
      // Lets go of what the turn has left behind.
      await setImmediate();
    }
  }
  return times;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: median(sorted), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** How many times what one subject took another one took, round by round. */
export function ratio(values: readonly number[], reference: readonly number[]): Spread {
  return spread(values.map((value, round) => value / (reference[round] ?? NaN)));
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Calls the subject for at least so many milliseconds; how many calls it takes to fill as many, by the speed of the last ones. */
async function callsThatTake(milliseconds: number, subject: Subject): Promise<number> {
  for (let calls = 1, spent = 0; ; calls *= 2) {
    const each = (await time(subject, calls)) / 1000;
    spent += each * calls;
    if (spent >= milliseconds) return milliseconds / each;
  }
}

/**
 * Microseconds of one of so many calls, by the time that processors have spent on this process: what other processes do in
 * between is not counted. What the subject promises is waited for.
 */
async function time(subject: Subject, calls: number): Promise<number> {
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i++) {
    const result = subject();
    if (result instanceof Promise) await result;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}
