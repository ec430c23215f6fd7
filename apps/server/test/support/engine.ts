import { randomBytes } from 'node:crypto';
import { createDatabase } from './postgres.ts';

declare global {
  /** The engine that a Jest project runs its tests on; the embedded one where it says nothing. */
  var TEST_ENGINE: 'postgresql' | undefined;
}

export interface NewStore {
  /** What a server needs to be told to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes what it kept. */
  readonly drop: () => Promise<void>;
}

/** An empty store of the engine that the tests run on. */
export async function newStore(): Promise<NewStore> {
  if (globalThis.TEST_ENGINE === undefined) {
    return { environment: { DATABASE_URL: 'sqlite::memory:' }, drop: () => Promise.resolve() };
  }
  const { url, drop } = await createDatabase(postgresUrl());
  const encryptionKey = randomBytes(32).toString('base64url');
  return { environment: { DATABASE_URL: url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: encryptionKey }, drop };
}

/** The PostgreSQL server that all tests share (postgres.setup.ts). */
export function postgresUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set.');
  return url;
}
