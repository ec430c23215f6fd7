/**
 * Proves that callers see no error while the processes behind nginx restart one after the other: `npm run test:rolling`. Prints the
 * figures, or the first error and exit code 1.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isNginx } from './rolling/nginx.ts';
import { rollingRestart } from './rolling/rolling-restart.ts';

const USAGE = `npm run test:rolling -- [options]
  --restarts <number> how often each of the two processes is restarted (default: 5)
  --server <main.js>  the server of a packaged folder (default: the built one)
  --nginx <program>   the program of nginx (default: nginx)
  --help              prints this text`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    restarts: { type: 'string', default: '5' },
    server: { type: 'string' },
    nginx: { type: 'string', default: 'nginx' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
if (!/^[1-9]\d{0,3}$/.test(values.restarts)) {
  console.error('--restarts must be a positive integer.');
  process.exit(1);
}
const { nginx } = values;
if (!isNginx(nginx)) {
  console.log(`Skipped: there is no program ${nginx}; --nginx names it. Nothing was tested.`);
  process.exit();
}

// process.exit() also ends the running servers.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const seed = Date.now() % 2 ** 32;
console.log(
  `Two processes on PostgreSQL behind nginx, each restarted ${values.restarts} times under load, seed ${seed}`,
);
try {
  const figures = await rollingRestart({
    nginx,
    restarts: Number(values.restarts),
    seed,
    command: values.server === undefined ? undefined : [process.execPath, resolve(values.server)],
    progress: (restarts, requests) => {
      console.log(`${String(restarts).padStart(5)} restarts, ${requests.toLocaleString('en')} requests`);
    },
  });
  const { register, update, delete: deleted } = figures.acknowledged;
  console.log(`
restarts            ${figures.restarts}
changes by the API  ${register} registered, ${update} updated, ${deleted} deleted
client applications ${figures.applications} requests
log                 ${figures.logged} changes, each once
refused connections ${figures.refusedConnections}, each repeated at the other process
errors              0`);
} catch (error) {
  console.error(`\n${(error as Error).message}`);
  process.exit(1);
}
