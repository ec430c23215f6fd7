import 'reflect-metadata';
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { run } from '../../dist/cli/program.js';

/**
 * A process that runs built commands one after another. A message contains the settings and the words of a command; its standard
 * input is empty. The process sends the outcome when the command has nothing left to do, which is when `clientele` would end.
 */

/** The symbol of Node for the connections of `fetch`. They would outlive the command. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** The exit code of Node if the main module has not finished and nothing is left to do. */
const UNSETTLED = 13;

let printed = { stdout: [], stderr: [] };
let code;

for (const name of ['stdout', 'stderr']) {
  process[name].write = (chunk, encoding, done = encoding) => {
    printed[name].push(Buffer.from(chunk));
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
}
Object.defineProperty(process, 'stdin', { get: () => Readable.from([]) });

process.on('message', async ({ environment, words }) => {
  printed = { stdout: [], stderr: [] };
  code = UNSETTLED;
  process.env = environment;
  process.exitCode = undefined;
  // The channel to the parent process must not delay the end of the command.
  process.channel.unref();
  code = await run(words);
  await endConnections();
  // An embedded store stays locked until its prepared statements are garbage-collected.
  globalThis.gc();
  await setImmediate();
});

process.on('disconnect', () => process.exit());

async function endConnections() {
  const dispatcher = globalThis[DISPATCHER];
  if (dispatcher === undefined) return;
  globalThis[DISPATCHER] = new dispatcher.constructor();
  await dispatcher.destroy();
}

process.on('beforeExit', () => {
  process.channel.ref();
  const [stdout, stderr] = [printed.stdout, printed.stderr].map((chunks) => Buffer.concat(chunks).toString('utf8'));
  process.send({ code, stdout, stderr });
});
