/** Benchmarks of the built server; `npm run bench -- --help` lists them. */
import { parseArgs } from 'node:util';
import { audit } from './audit.ts';
import { compare } from './compare.ts';
import { cleanUp } from './contenders.ts';
import { growth, memory } from './growth.ts';
import { list } from './list.ts';
import { lookup } from './lookup.ts';
import { overload } from './overload.ts';
import { sectionOf, writeSection } from './page.ts';
import { start } from './start.ts';

const USAGE = `npm run bench -- [compare | audit | lookup | list | growth | memory | overload | start] [options]

  compare    update, get and register, beside a floor and oidc-provider (the default)
  audit      updates without the audit, without its sealer and with both; how soon changes are sealed
  lookup     resolve beside a route that only reads; resolve, get and verify with 1,000 clients and with --clients
  list       pages of lists with 1,000 clients and with --clients; the memory while all are listed
  growth     update and get with 1,000 clients and with --clients
  memory     the resident set of the server while it updates clients
  overload   an open loop above capacity: what is answered and what is refused
  start      time until the first successful response: on an empty store, and after kill -9

  --connections <n>   connections under load (64); the server refuses more than 100 requests at a time
  --rounds <n>        measured rounds (5)
  --seconds <s>       seconds of each turn in a round (1.2)
  --clients <n>       the larger number of clients of growth (100000; 1000000 takes ten minutes more)
  --write             writes the benchmark's section of docs/benchmarks.md`;

const BENCHMARKS = { compare, audit, lookup, list, growth, memory, overload, start };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.2' },
    clients: { type: 'string', default: '100000' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const [name = 'compare', ...others] = positionals;
const options = {
  connections: Number(values.connections),
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  clients: Number(values.clients),
};
const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name as keyof typeof BENCHMARKS] : undefined;
try {
  if (values.help === true) {
    console.log(USAGE);
  } else if (run === undefined || others.length > 0 || Object.values(options).some((value) => !(value > 0))) {
    console.error(USAGE);
    process.exitCode = 2;
  } else {
    const section = sectionOf(name, options, await run(options));
    console.log(section);
    if (values.write === true) writeSection(section);
  }
} finally {
  await cleanUp();
}
