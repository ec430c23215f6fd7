/**
 * Abuses a server for some minutes, in all ways at once, while honest callers use it: `npm run test:abuse -- --seconds 600`. Prints the
 * figures, and exits with code 1 if an honest call failed.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ABUSES, closeConnections } from './abuse/abusers.ts';
import { HonestCallers } from './abuse/honest.ts';
import { percentile } from './bench/load.ts';
import { ServerProcess } from './bench/server-process.ts';

const USAGE = `npm run test:abuse -- [options]
  --seconds <number>    how long (default: 600)
  --rate <number>       honest calls a second (default: 50)
  --abuse <names>       some of ${Object.keys(ABUSES).join(',')} (default: all)
  --host <address>      address of this machine at which the server is called (default: 127.0.0.1)
  --from <addresses>    addresses of this machine for the hostile callers (default: 127.0.0.2 to 127.0.0.5, which have no limits of an
                        address; other addresses need: ip address add 10.77.0.2 dev lo)
  --honest <address>    address of this machine for the honest callers (default: 127.0.0.6)
  --cgroup <folder>     cgroup of the server, for example with 512 MiB of memory
  --help                prints this text
The variable SILENT_DOMAIN names a domain whose name server does not respond.`;

const SERVICE_ID = '715948317';
const ACCESS_TOKEN = 'access-token-of-the-honest-callers-0123456789';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '50' },
    abuse: { type: 'string', default: Object.keys(ABUSES).join() },
    host: { type: 'string', default: '127.0.0.1' },
    from: { type: 'string', default: '127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.5' },
    honest: { type: 'string', default: '127.0.0.6' },
    cgroup: { type: 'string' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const folder = mkdtempSync(join(tmpdir(), 'clientele-abuse-'));
const server = await ServerProcess.start('../../apps/server/dist/main.js', {
  HOST: '0.0.0.0',
  BASE_URL: 'http://clientele.example',
  DATA_DIR: folder,
  BOOTSTRAP_SERVICE_ID: SERVICE_ID,
  BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
  BOOTSTRAP_REGISTRATION: 'open',
  UPDATES_PER_CLIENT_PER_DAY: '0',
});
if (values.cgroup !== undefined) appendFileSync(join(values.cgroup, 'cgroup.procs'), String(server.pid));

const end = new AbortController();
const target = { host: values.host, port: server.port };
const honest = new HonestCallers({ ...target, localAddress: values.honest }, SERVICE_ID, ACCESS_TOKEN);
const running = [honest.run(Number(values.rate), end.signal)];
// Without abuse: so that there are clients, and code is compiled.
await setTimeout(5_000);
for (const address of values.from.split(',')) {
  for (const name of values.abuse.split(',')) {
    const abuse = ABUSES[name];
    if (abuse === undefined) throw new Error(`There is no abuse ${name}.`);
    running.push(abuse({ ...target, path: `/connect/${SERVICE_ID}/register` }, address, end.signal));
  }
}

const samples: { memory: number; disk: number }[] = [];
const started = performance.now();
while (performance.now() - started < Number(values.seconds) * 1_000) {
  await setTimeout(10_000);
  const { memory } = await server.usage();
  const disk = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  samples.push({ memory, disk });
  const { latencies, failures } = honest.calls;
  const recent = latencies.slice(-500);
  console.log(
    `${String(samples.length * 10).padStart(5)} s  memory ${mib(memory)}, disk ${mib(disk)}, ${latencies.length} honest calls, ` +
      `latest p50 ${percentile(recent, 0.5).toFixed(0)} ms, p99 ${percentile(recent, 0.99).toFixed(0)} ms, ${failures.size} kinds of failures`,
  );
}
end.abort();
closeConnections();
await Promise.all(running);
await server.stop();
rmSync(folder, { recursive: true });

const { latencies, failures } = honest.calls;
const memories = samples.map(({ memory }) => memory);
console.log(`
honest calls   ${latencies.length}, p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms
memory         at most ${mib(Math.max(...memories))}, at the end ${mib(memories.at(-1) ?? 0)}
disk           ${mib(samples.at(-1)?.disk ?? 0)} at the end
failures       ${failures.size === 0 ? 'none' : ''}`);
for (const [failure, count] of failures) console.log(`  ${count} times ${failure}`);
process.exitCode = failures.size === 0 ? 0 : 1;

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
