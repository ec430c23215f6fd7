import { Postgres } from './postgres.ts';

declare global {
  var postgresOfAllTests: Postgres | undefined;
}

/** Starts one PostgreSQL for all tests, unless the environment names one. */
export default async function startPostgres(): Promise<void> {
  if (process.env.TEST_DATABASE_URL) return;
  globalThis.postgresOfAllTests = await Postgres.start();
  process.env.TEST_DATABASE_URL = globalThis.postgresOfAllTests.url();
}
