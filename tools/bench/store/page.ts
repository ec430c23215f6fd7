import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread, type Machine } from '../report.ts';
import type { Spread } from '../rounds.ts';
import type { ConcurrencyReport, Subject } from './concurrency.ts';
import type { GrowthResult, SizeResult } from './growth.ts';

export interface StoreReport {
  readonly machine: Machine;
  readonly concurrency: ConcurrencyReport;
  readonly growth: readonly GrowthResult[];
  readonly sizes: readonly SizeResult[];
}

const NAMES: Readonly<Record<Subject, string>> = {
  groupCommit: 'SQLite, group commit',
  oneTransactionEach: 'SQLite, one transaction each',
  oneForAll: 'PostgreSQL, one statement for all that wait',
  oneStatementEach: 'PostgreSQL, one statement each',
};

export function storePage({ machine, concurrency, growth, sizes }: StoreReport): string {
  const { callers, times, groupCommitGain, oneForAllGain } = concurrency;
  return `# What the stores do for an update

\`npm run bench:store\` on ${describeMachine(machine)}; PostgreSQL on the same machine.

Without HTTP: the server's own stores, every commit flushed to disk. An update is a look-up and a replacement of a client of 2.5
KB. Subjects take turns; ratios are of turns in the same round. Medians, and in brackets the smallest and the greatest.

## ${callers} callers at once

${table(
  ['store', 'microseconds of an update', 'updates a second'],
  (Object.keys(NAMES) as Subject[]).map((name) => [NAMES[name], formatSpread(times[name]), perSecond(times[name])]),
)}

Group commit does ${formatSpread(groupCommitGain)} times as much as one transaction each. Sending together what waits for PostgreSQL does
${formatSpread(oneForAllGain)} times as much as sending each by itself.

## As the clients become more

One caller, one call after the other, on clients all over the table; the ratio is to the fewest clients. Lists are paged by key; by
offset, from the middle of the list, is what is not done.

${table(
  ['engine', 'operation', 'clients', 'microseconds', 'ratio'],
  growth.map(({ engine, operation, clients, time, ratio }) => [
    engine,
    operation,
    clients.toLocaleString('en'),
    formatSpread(time),
    formatSpread(ratio),
  ]),
)}

A client takes ${sizes.map(({ engine, bytesPerClient }) => `${bytesPerClient.toLocaleString('en')} bytes in ${engine}`).join(', ')},
indexes included.
`;
}

const perSecond = ({ median }: Spread): string => Math.round(1_000_000 / median).toLocaleString('en');
