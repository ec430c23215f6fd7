import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ClientStore } from '../clients/client.ts';
import { Database } from './database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SqlClientStore } from '../clients/client-store.ts';

/** What is kept in a database, and its end with that of the server. */
@Global()
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static on(database: Database, encryption: SecretEncryption): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: Database, useValue: database },
        { provide: SecretEncryption, useValue: encryption },
        { provide: ClientStore, useClass: SqlClientStore },
      ],
      exports: [Database, ClientStore, SecretEncryption],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}
