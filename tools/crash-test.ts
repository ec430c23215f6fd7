/**
 * Proves that nothing that was acknowledged is lost when the server is killed: `npm run test:crash -- --rounds 50`; with
 * `--engine=postgresql` on PostgreSQL, which is killed in every other round. Ends with the figures, or with what was lost and exit code 1; `--seed` repeats the choices of an earlier run.
 */
import { parseArgs } from 'node:util';
import { crashTest, type Figures } from './crash/crash-test.ts';
import { ENGINES } from './crash/store-under-test.ts';

const ROUNDS_PER_LINE = 10;

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});
const rounds = integer('rounds', values.rounds);
const engine = ENGINES.find((name) => name === values.engine) ?? fail(`--engine must be one of ${ENGINES.join(', ')}.`);
const seed = integer('seed', values.seed);

// By exit(), so that the server that is running ends with this process.
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
in flight at kills    ${count(figures.inFlight)}, of which ${count(figures.carriedOut)} were found carried out, as a whole
store not there       ${count(figures.unanswered.unavailable)} answers, outcome unknown ${count(figures.unanswered.unknown)}
recovery of the store ${recoveries.length === 0 ? 'none' : `median ${ms(recoveries[recoveries.length >> 1])}, longest ${ms(recoveries.at(-1))}`}
restart               median ${ms(restarts[restarts.length >> 1])}, longest ${ms(restarts.at(-1))}
integrity check       ${engine === 'sqlite' ? 'ok' : 'every row read'}
lost                  0`);
} catch (error) {
  console.error(`\n${(error as Error).message}\nSeed: ${seed}`);
  process.exit(1);
}

function printProgress({ rounds: done, acknowledged, inFlight, restarts }: Figures): void {
  if (done % ROUNDS_PER_LINE !== 0) return;
  const { register, update, delete: deleted } = acknowledged;
  console.log(
    `${String(done).padStart(5)}  ${count(register)} registered, ${count(update)} updated, ${count(deleted)} deleted, ` +
      `${count(inFlight)} in flight at kills, last restart ${ms(restarts.at(-1))}`,
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
