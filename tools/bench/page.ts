import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { table } from '../docs/markdown.ts';
import { percentile, type Figures, type Load, type Measured } from './load.ts';

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);

const INTRODUCTION = `# Benchmarks

To repeat a measurement, run \`npm run bench -- <section>\`; \`--help\` lists the options, and \`--write\` replaces the section here.

Read the processor time first: it depends least on what else the machine does. It is the user and system time of the server's process
with all its threads, divided by the number of requests. A figure is the median of the rounds, and in brackets the minimum. A ratio is
the median of the ratios in each round: how many times as efficient (cpu), or as fast (requests/s), as the one in the heading of the column.

| contender | what it is |
| --- | --- |
| Clientele | the built server with its default settings, but without daily limits, through Authlete's API |
| floor | the least that a durable registry in JavaScript does: Fastify and hand-written statements on SQLite with group commit (WAL, \`synchronous=FULL\`), nothing of the product. It reads the row, compares the SHA-256 of the token, replaces the document with a check of the version and responds after the commit. It neither parses nor judges metadata, does not authenticate the caller of the API, has no log and no audit record, and its responses have no \`client\` |
| oidc-provider | [oidc-provider](https://www.npmjs.com/package/oidc-provider) in memory: \`POST /reg\`, \`GET /reg/:id\`, \`PUT /reg/:id\` |

All get the same document of about 2 KB, with two P-256 keys by value (\`jwks\`) or with a \`jwks_uri\`, which nobody fetches; each
update changes a member of it. A response that is not a success ends the run with an error.

Limits of the method:

- The load generator and PostgreSQL run on the same machine. Their processor time is not counted, but requests/s and latencies suffer from it.
- The contenders take turns in each round, so that other load meets all of them. Do not compare figures of different runs.
- Connections are opened one after the other, with a request on each, before the clock starts: libuv accepts one connection in a turn
  of its event loop, so the first requests on 64 new connections would be the 99th percentile of a short run.
- A load generator that waits for responses slows down with the server. Only the overload benchmark sends at a fixed rate.
`;

/** The section of a benchmark, which says what was measured and where. */
export function sectionOf(benchmark: string, { rounds, seconds, connections }: Load, text: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changes = git('status', '--porcelain', '--', ':/', ':!/docs') === '' ? '' : ' with local changes';
  const machine = `${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), Node.js ${process.version}`;
  return `## ${benchmark[0]?.toUpperCase()}${benchmark.slice(1)}

Commit ${git('rev-parse', '--short', 'HEAD')}${changes}; ${machine}; ${rounds} rounds x ${seconds} seconds, ${connections} connections.

${text}
`;
}

/** Replaces the section with the same heading, or adds it at the end. */
export function writeSection(section: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const sections = page.split(/\n(?=## )/).slice(1);
  const byHeading = new Map([...sections, section].map((text) => [text.split('\n')[0], text]));
  writeFileSync(PAGE, [INTRODUCTION, ...byHeading.values()].join('\n'));
}

/** The figures of all subjects, and their ratios to those that are references. */
export function comparisonTable(column: string, measured: readonly Measured[], references: readonly string[]): string {
  const ratios = references.flatMap((reference) => [`cpu, ${reference} = 1`, `requests/s, ${reference} = 1`]);
  const rows = measured.map(({ operation, name, results }) => {
    const figure = (key: keyof Figures) => medianAndMinimum(results.map((each) => each[key]));
    const ratiosTo = (reference: string) => {
      const beside = measured.find((each) => each.operation === operation && each.name === reference)!.results;
      const efficiency = results.map((each, round) => beside[round]!.cpu / each.cpu);
      return [efficiency, results.map((each, round) => each.rate / beside[round]!.rate)].map(median).map(short);
    };
    const cells = [figure('cpu'), figure('rate'), figure('p50'), figure('p99')];
    return [operation, name, ...cells, ...references.flatMap(ratiosTo)];
  });
  return table(['operation', column, 'cpu, us', 'requests/s', 'p50, ms', 'p99, ms', ...ratios], rows);
}

export function medianAndMinimum(values: readonly number[]): string {
  return `${short(median(values))} (${short(Math.min(...values))})`;
}

const median = (values: readonly number[]) => percentile(values, 0.5);

export function short(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
