import { Global, Module } from '@nestjs/common';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { ChainKeys } from './chains.ts';
import { PendingChanges } from './pending-changes.ts';
import { Sealer } from './sealer.ts';

/** Provides the log of changes to every module. */
@Global()
@Module({
  imports: [ObservabilityModule],
  providers: [ChainKeys, PendingChanges, Sealer],
  exports: [ChainKeys, PendingChanges],
})
export class ChangesModule {}
