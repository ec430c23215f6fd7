import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ROOT } from '../docs/root.ts';

/** The ports of the example in deploy/nginx/clientele.conf. */
const EXAMPLE_PORTS = ['3001', '3002'] as const;

/** Milliseconds within which nginx must listen. */
const START_LIMIT = 10_000;

/** Whether there is a program of this name or path that is nginx. */
export function isNginx(program: string): boolean {
  return spawnSync(program, ['-v']).status === 0;
}

/** nginx with the example configuration in front of two processes, without TLS and on other ports. */
export class Nginx {
  private readonly folder = mkdtempSync(join(tmpdir(), 'clientele-nginx-'));
  private readonly process: ChildProcess;
  private output = '';

  constructor(
    program: string,
    private readonly port: number,
    processes: readonly [number, number],
  ) {
    // Workers of a nginx that root starts run as another user.
    chmodSync(this.folder, 0o755);
    const file = join(this.folder, 'nginx.conf');
    writeFileSync(file, `${MAIN}http {\naccess_log off;\n${TEMPORARY}${siteOn(port, processes)}}\n`);
    this.process = spawn(program, ['-p', this.folder, '-e', 'stderr', '-c', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
  }

  /** The log of errors of nginx. */
  get log(): string {
    return this.output;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listening(): Promise<void> {
    const deadline = Date.now() + START_LIMIT;
    while (!(await accepts(this.port))) {
      if (this.process.exitCode !== null || Date.now() > deadline)
        throw new Error(`nginx did not start.\n${this.output}`);
      await setTimeout(50);
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    if (this.process.exitCode === null) await ended;
    rmSync(this.folder, { recursive: true });
  }
}

const MAIN =
  'daemon off;\npid nginx.pid;\nerror_log stderr warn;\nworker_processes 2;\nevents { worker_connections 1024; }\n';

/** Folders of nginx that packages put outside of the prefix. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `${name}_temp_path ${name};\n`)
  .join('');

/** The example, with its ports replaced; only the lines about TLS and the address are left out. */
function siteOn(port: number, processes: readonly [number, number]): string {
  const example = readFileSync(new URL('deploy/nginx/clientele.conf', ROOT), 'utf8');
  const plain = example
    .replace(/^ *(listen|ssl_\w+) .*\n/gm, '')
    .replace(/^server \{\n/m, `server {\n    listen 127.0.0.1:${port};\n`);
  return EXAMPLE_PORTS.reduce((text, each, place) => text.replaceAll(`:${each}`, `:${processes[place]!}`), plain);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
