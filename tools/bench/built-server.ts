import type * as AppModule from '../../apps/server/src/app.ts';
import type * as EncryptionKeyModule from '../../apps/server/src/crypto/encryption-key-file.ts';
import type * as ClientCredentialsModule from '../../apps/server/src/database/time-ordered-id.ts';
import type * as ClientStoreModule from '../../apps/server/src/clients/client.ts';
import type * as ConfigModule from '../../apps/server/src/config/config.ts';
import type * as FirstStartModule from '../../apps/server/src/administration/first-start.ts';
import type * as ServiceStoreModule from '../../apps/server/src/services/service-store.ts';
import type * as ClientRegistrationModule from '../../apps/server/src/registration/client-registration.ts';
import type * as PublicUrlsModule from '../../apps/server/src/services/public-urls.ts';
import type * as RegistrationResponsesModule from '../../apps/server/src/registration/registration-responses.ts';
import type * as ServiceModule from '../../apps/server/src/services/service.ts';
import type * as MigrateModule from '../../apps/server/src/database/migrations/migrate.ts';
import type * as OpenDatabaseModule from '../../apps/server/src/database/open-database.ts';
import type * as PostgresDatabaseModule from '../../apps/server/src/database/postgres-database.ts';
import type * as SecretEncryptionModule from '../../apps/server/src/crypto/secret-encryption.ts';
import type * as SqlClientStoreModule from '../../apps/server/src/clients/client-store.ts';
import type * as SqliteDatabaseModule from '../../apps/server/src/database/sqlite-database.ts';
import type * as SqliteDriverModule from '../../apps/server/src/database/sqlite-driver.ts';

/** What benchmarks call of the server. */
export type ServerModules = typeof ClientRegistrationModule &
  typeof PublicUrlsModule &
  typeof RegistrationResponsesModule &
  typeof ServiceModule &
  typeof MigrateModule &
  typeof OpenDatabaseModule &
  typeof PostgresDatabaseModule &
  typeof SecretEncryptionModule &
  typeof SqlClientStoreModule &
  typeof SqliteDatabaseModule &
  typeof SqliteDriverModule &
  typeof AppModule &
  typeof ClientCredentialsModule &
  typeof EncryptionKeyModule &
  typeof ClientStoreModule &
  typeof ConfigModule &
  typeof FirstStartModule &
  typeof ServiceStoreModule;

const MODULES = [
  'app',
  'config',
  'service/first-start',
  'service/service-store',
  'encryption-key',
  'store/client-store',
  'public-urls',
  'registration/client-credentials',
  'registration/client-registration',
  'registration/registration-responses',
  'service/service',
  'store/migrations/migrate',
  'store/open-database',
  'store/postgres-database',
  'store/secret-encryption',
  'store/sql-client-store',
  'store/sqlite-database',
  'store/sqlite-driver',
];

/**
 * The server as it was built, and is run: what compiles TypeScript on the fly adds calls of its own, which a benchmark would
 * measure too. Use it without the export condition that leads to the sources.
 */
export async function builtServer(): Promise<ServerModules> {
  const dist = new URL('../../apps/server/dist/', import.meta.url);
  await import('reflect-metadata');
  const modules = await Promise.all(MODULES.map((name) => import(new URL(`${name}.js`, dist).href) as Promise<object>));
  return Object.assign({}, ...modules) as ServerModules;
}
