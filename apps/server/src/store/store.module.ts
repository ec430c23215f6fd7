import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.ts';
import { loadEncryptionKeys } from '../encryption-key.ts';
import { ClientStore } from './client-store.ts';
import { Database } from './database.ts';
import { SecretEncryption } from './secret-encryption.ts';
import { SqlClientStore } from './sql-client-store.ts';
import { SqliteDatabase } from './sqlite-database.ts';

/** The engine that the configuration names, and what is kept in it. */
@Global()
@Module({
  providers: [
    {
      provide: SecretEncryption,
      inject: [Config],
      useFactory: (config: Config) => new SecretEncryption(loadEncryptionKeys(config)),
    },
    // The key comes first: a database that cannot be decrypted is not opened, and a new one is not made without it.
    {
      provide: Database,
      inject: [Config, SecretEncryption],
      useFactory: (config: Config) => SqliteDatabase.open(config.databasePath),
    },
    { provide: ClientStore, useClass: SqlClientStore },
  ],
  exports: [Database, ClientStore],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}
