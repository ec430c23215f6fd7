import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread } from '../report.ts';
import type { Arrivals } from './open-loop.ts';
import { AFTERWARDS, CONNECTIONS, OVERLOAD, type OverloadReport } from './overload-benchmark.ts';

export function overloadPage({ machine, effort, rounds, tail, admitted, refused, recovery }: OverloadReport): string {
  return `# Overload

\`npm run bench:overload\` on ${describeMachine(machine)}; the load generator on the same machine.

In each of ${rounds.length} rounds: what the built server on SQLite sustains, which is as many updates of 2.5 KB as ${CONNECTIONS} connections get answered; then
for ${effort.seconds} s updates that arrive at ${OVERLOAD} times that rate, whether or not those before them were answered; then, without a pause, ${AFTERWARDS} times that
rate. [How it is measured](README.md#how-overload-is-measured).

- Of what arrives in the overload ${formatSpread(refused)} is refused, with 503 and \`Retry-After\`.
- What is admitted is ${formatSpread(admitted)} of what is sustainable, and its 99th percentile ${formatSpread(tail)} times the normal one; below 5 times is
  what it shall be.
- In the second after the overload the 99th percentile is ${formatSpread(recovery)} times the normal one.

${table(
  [
    'round',
    'phase',
    'arrived a second',
    'behind, ms',
    'admitted a second',
    'p50, ms',
    'p99, ms',
    'not sent',
    'refused',
    'p99, ms',
    'failed',
    'generator',
  ],
  rounds.flatMap(({ sustainable, overload, afterwards }, round) => [
    [
      String(round + 1),
      'sustainable',
      sustainable.requestsPerSecond.toFixed(0),
      '',
      sustainable.requestsPerSecond.toFixed(0),
      sustainable.p50.toFixed(1),
      sustainable.p99.toFixed(1),
      '0',
      '0',
      '',
      '0',
      sustainable.generator.toFixed(2),
    ],
    row(round, 'overload', overload),
    ...afterwards.map((second, place) => row(round, `second ${place + 1} after it`, second)),
  ]),
)}
`;
}

function row(
  round: number,
  phase: string,
  { arrivedPerSecond, lag, admitted, held, refused, failed, generator }: Arrivals,
): string[] {
  return [
    String(round + 1),
    phase,
    arrivedPerSecond.toFixed(0),
    lag.toFixed(1),
    admitted.perSecond.toFixed(0),
    ...(admitted.count === 0 ? ['', ''] : [admitted.p50.toFixed(1), admitted.p99.toFixed(1)]),
    String(held),
    String(refused.count),
    refused.count === 0 ? '' : refused.p99.toFixed(1),
    String(failed),
    generator.toFixed(2),
  ];
}
