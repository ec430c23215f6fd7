/**
 * What a call costs over HTTP, beside bare Fastify, oidc-provider and bare updates; writes docs/benchmarks/http.md and http.json
 * (see `http/http-benchmark.ts`, and `http/plan.ts` for what is measured). `npm run bench -- --help` says how to measure less.
 */
import { runHttpBenchmark } from './http/http-benchmark.ts';
import { httpPage } from './http/http-page.ts';
import { optionsFrom, USAGE, type BenchOptions } from './http/options.ts';
import { writeReport } from './report.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
} else {
  await measure(optionsOrExit());
}

async function measure({ plan, effort, writes }: BenchOptions): Promise<void> {
  const report = await runHttpBenchmark(plan, effort);
  const page = httpPage(report);
  if (writes) writeReport('http', page, report);
  else console.log(page);
}

function optionsOrExit(): BenchOptions {
  try {
    return optionsFrom(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
