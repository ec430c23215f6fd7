import type { Profiler } from 'node:inspector';
import { table } from '../../docs/markdown.ts';
import { describeMachine, type Machine } from '../report.ts';
import { selfTimes } from './flame-graph.ts';
import type { Load } from './load.ts';

/** Functions that are listed. */
const FUNCTIONS = 25;

export function profilePage(
  machine: Machine,
  { connections, requests }: Load,
  profile: Profiler.Profile,
  nameOf: (url: string) => string,
): string {
  const times = selfTimes(profile);
  const places = profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const file = nameOf(url);
    const line = url === '' ? '' : `:${lineNumber + 1}`;
    return {
      label: `${functionName || '(anonymous)'} ${file}${line}`.trim(),
      from: packageOf(functionName, file),
      time: times.get(id) ?? 0,
    };
  });
  const busy = places.filter(({ label }) => label !== '(idle)');
  return `# What the time of an update goes to

\`npm run bench:profile\` on ${describeMachine(machine)}.

The built server on SQLite, after as many updates of warm-up: ${requests.toLocaleString('en')} updates over HTTP from ${connections} connections, sampled by the profiler of V8 in
the main thread. \`(program)\` is what is not JavaScript: the engine, libuv, system calls. In the [flame graph](profile.svg) callers are below what they call,
and wide is what took long; the order from left to right is of the alphabet. Ours is red.

![Flame graph](profile.svg)

## By package

${table(
  ['package', 'time, %'],
  shares(busy, ({ from }) => from).filter(([, share]) => Number(share) >= 0.5),
)}

## The functions that take most, without what they call

${table(['function', 'time, %'], shares(busy, ({ label }) => label).slice(0, FUNCTIONS))}
`;
}

interface Place {
  readonly label: string;
  readonly from: string;
  readonly time: number;
}

/** What part of all time the places with the same name took, the greatest first. */
function shares(places: readonly Place[], nameOf: (place: Place) => string): [name: string, percent: string][] {
  const sums = new Map<string, number>();
  for (const place of places) sums.set(nameOf(place), (sums.get(nameOf(place)) ?? 0) + place.time);
  const all = [...sums.values()].reduce((sum, time) => sum + time, 0);
  return [...sums].sort(([, a], [, b]) => b - a).map(([name, time]) => [name, ((100 * time) / all).toFixed(1)]);
}

const NATIVE = 'native functions: SQLite, sockets, cryptography...';

/** The package that a file belongs to; what belongs to none is native. */
function packageOf(functionName: string, file: string): string {
  if (file === '') return functionName.startsWith('(') ? functionName : NATIVE;
  if (file.startsWith('node:')) return 'Node.js';
  const [first = '', second = ''] = file.split('/');
  return /^(@|apps$|libs$)/.test(first) ? `${first}/${second}` : first;
}
