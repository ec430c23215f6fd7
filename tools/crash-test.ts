/**
 * Proves that no acknowledged change is lost when the server is killed: `npm run test:crash -- --rounds 50`. Prints the figures,
 * or the loss and exit code 1.
 */
import { parseArgs } from 'node:util';
import { crashTest, type Figures } from './crash/crash-test.ts';
import { ENGINES } from './crash/store-under-test.ts';

const ROUNDS_PER_LINE = 10;

const USAGE = `npm run test:crash -- [options]
  --engine <name>   the store: ${ENGINES.join(' or ')}; PostgreSQL is killed in every other round (default: sqlite)
  --rounds <number> how often a process is killed under load (default: 200)
  --seed <number>   repeats the random choices of an earlier run
  --help            prints this text`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    engine: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const rounds = integer('rounds', values.rounds);
const engine = ENGINES.find((name) => name === values.engine) ?? fail(`--engine must be one of ${ENGINES.join(', ')}.`);
const seed = integer('seed', values.seed);

// process.exit() also ends the running server.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

console.log(`${rounds} rounds on ${engine} with seed ${seed}: load, kill -9, restart, verify`);
try {
  const figures = await crashTest({ engine, rounds, seed, progress: printProgress });
  const { register, update, delete: deleted } = figures.acknowledged;
  const restarts = figures.restarts.sort((a, b) => a - b);
  const recoveries = figures.recoveries.sort((a, b) => a - b);
  console.log(`
kills under load      ${count(figures.killedServers)} of the server, ${count(figures.killedStores)} of the store
kills while starting  ${count(figures.killedStarts)}
acknowledged          ${count(register)} registered, ${count(update)} updated, ${count(deleted)} deleted
in flight at kills    ${count(figures.inFlight)}, of which ${count(figures.carriedOut)} were carried out completely
store unavailable     ${count(figures.failed.unavailable)} responses, outcome unknown ${count(figures.failed.unknown)}
recovery of the store ${recoveries.length === 0 ? 'none' : `median ${ms(recoveries[recoveries.length >> 1])}, longest ${ms(recoveries.at(-1))}`}
restart               median ${ms(restarts[restarts.length >> 1])}, longest ${ms(restarts.at(-1))}
log                   ${count(figures.sealed)} changes sealed, ${count(figures.pending)} pending; ${count(figures.logChecks)} checks, at most ${count(figures.mostPending)} pending
integrity check       ${engine === 'sqlite' ? 'ok' : 'every row read'}
lost                  0`);
} catch (error) {
  console.error(`\n${(error as Error).message}\nSeed: ${seed}`);
  process.exit(1);
}

function printProgress({ rounds: done, acknowledged, inFlight, restarts, sealed }: Figures): void {
  if (done % ROUNDS_PER_LINE !== 0) return;
  const { register, update, delete: deleted } = acknowledged;
  console.log(
    `${String(done).padStart(5)}  ${count(register)} registered, ${count(update)} updated, ${count(deleted)} deleted, ` +
      `${count(inFlight)} in flight at kills, last restart ${ms(restarts.at(-1))}, ${count(sealed)} sealed at the last check`,
  );
}

function integer(name: string, value: string): number {
  if (/^[1-9]\d{0,9}$/.test(value)) return Number(value);
  return fail(`--${name} must be a positive integer.`);
}

function fail(problem: string): never {
  console.error(problem);
  process.exit(1);
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function ms(milliseconds = 0): string {
  return `${milliseconds.toFixed(0)} ms`;
}
