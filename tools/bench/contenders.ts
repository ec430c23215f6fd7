import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, Postgres } from '../../apps/server/test/support/postgres.ts';
import { ACCESS_TOKEN, API, PROTOCOL, SERVICE_ID, type Plane } from './planes.ts';
import { ServerProcess } from './server-process.ts';

export type Contender = Readonly<{ server: ServerProcess; plane: Plane }>;
export type Settings = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
const cleanups: (() => Promise<void>)[] = [];

/** Stops everything that was started, and removes what it stored. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.reverse()) await clean();
  rmSync(folder, { recursive: true, force: true });
}

export const clientele = (settings: Settings) => start('../../apps/server/dist/main.js', API, settings);
/** With parts of the audit removed; see `audit-variant.mjs`. */
export const auditVariant = (variant: string, settings: Settings) =>
  start('audit-variant.mjs', API, { ...settings, AUDIT_VARIANT: variant });
export const floor = () => start('floor.ts', API, { DATABASE_FILE: newFile() });
export const oidcProvider = () => start('oidc-provider.ts', PROTOCOL, {});
export const onSqlite = () => settingsOn(`sqlite:${newFile()}`);

/** On the PostgreSQL server that TEST_DATABASE_URL names, or on one from npm whose commits are durable. */
export async function onPostgresql(): Promise<Settings> {
  let address = process.env.TEST_DATABASE_URL;
  if (address === undefined) {
    const postgres = await Postgres.start({ durable: true });
    cleanups.push(() => postgres.remove());
    address = postgres.url();
  }
  const database = await createDatabase(address);
  cleanups.push(database.drop);
  return { ...settingsOn(database.url), AUTO_MIGRATE: 'true' };
}

function settingsOn(databaseUrl: string): Settings {
  return {
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
    OPEN_REGISTRATIONS_PER_DAY: '0',
    OPEN_UPDATES_PER_DAY: '0',
    UPDATES_PER_CLIENT_PER_DAY: '0',
    BOOTSTRAP_SERVICE_ID: SERVICE_ID,
    BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
  };
}

async function start(file: string, plane: Plane, settings: Settings): Promise<Contender> {
  const server = await ServerProcess.start(file, settings);
  cleanups.push(() => server.stop());
  return { server, plane };
}

const newFile = () => join(folder, `${randomBytes(8).toString('hex')}.db`);
