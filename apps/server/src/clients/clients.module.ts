import { Module } from '@nestjs/common';
import { SecretHashes } from '../crypto/secret-hash/secret-hashes.ts';
import { ChangeQueues } from './change-queues.ts';
import { ClientLookup } from './client-lookup.ts';
import { ClientPages } from './client-pages.ts';
import { ClientSearch } from './client-search.ts';
import { ClientStore } from './client-store.ts';
import { ClientUse } from './client-use.ts';
import { SecretReads } from './secret-reads.ts';

const PROVIDERS = [
  ChangeQueues,
  ClientStore,
  ClientLookup,
  ClientPages,
  ClientSearch,
  ClientUse,
  SecretReads,
  SecretHashes,
];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class ClientsModule {}
