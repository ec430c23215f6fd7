import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread, type Machine } from '../report.ts';
import type { Spread } from '../rounds.ts';
import type { Load } from './load.ts';

/** What is compared, and how it is started (variant.ts). */
export const VARIANTS = [
  { name: 'SQLite, group commit', engine: 'sqlite', variant: 'as-is' },
  { name: 'SQLite, one transaction each', engine: 'sqlite', variant: 'one-transaction-each' },
  { name: 'PostgreSQL', engine: 'postgresql', variant: 'as-is' },
  { name: 'PostgreSQL, bare update', engine: 'postgresql', variant: 'bare-update' },
] as const;

export type VariantName = (typeof VARIANTS)[number]['name'];

export interface HttpStoreReport {
  readonly machine: Machine;
  readonly rounds: number;
  readonly load: Load;
  readonly variants: readonly {
    readonly name: VariantName;
    readonly requestsPerSecond: Spread;
    /** Milliseconds. */
    readonly p50: Spread;
    readonly p99: Spread;
  }[];
  readonly groupCommitGain: Spread;
  readonly ofBareUpdate: Spread;
}

export function httpStorePage({ machine, rounds, load, variants, ...ratios }: HttpStoreReport): string {
  return `# What the store costs an update over HTTP

\`npm run bench:http-store\` on ${describeMachine(machine)}; the load generator and PostgreSQL on the same machine.

The built server, ${load.connections} connections that update 256 clients of 2.5 KB, ${rounds} rounds of ${load.requests} updates for each
variant in turn; ratios are of turns in the same round. Medians, and in brackets the smallest and the greatest. Every commit is
flushed to disk. The bare update is the same server with a store that looks nothing up and sends one \`UPDATE\` for each request.

${table(
  ['store', 'updates a second', 'p50, ms', 'p99, ms'],
  variants.map(({ name, requestsPerSecond, p50, p99 }) => [
    name,
    formatSpread(requestsPerSecond),
    formatSpread(p50),
    formatSpread(p99),
  ]),
)}

- Group commit: ${formatSpread(ratios.groupCommitGain)} times as many updates as one transaction each.
- PostgreSQL: ${formatSpread(ratios.ofBareUpdate)} times as many updates as the bare one.
`;
}
