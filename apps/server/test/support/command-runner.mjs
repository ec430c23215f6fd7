import 'reflect-metadata';
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { run } from '../../dist/cli/program.js';

/**
 * A process that runs built commands, one after another, each as `clientele` would with the settings, the words and an empty
 * standard input that it is sent. It answers when a command has left nothing to do, which is when its process would end.
 */

/** Where Node keeps the connections of `fetch`; they would outlive the command. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** The exit code of a process that has nothing left to do before its main module is done. */
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
  // Whoever waits for the outcome does not keep the command from ending.
  process.channel.unref();
  code = await run(words);
  await endConnections();
  // An embedded store stays locked until the statements that were prepared on it are gone.
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
