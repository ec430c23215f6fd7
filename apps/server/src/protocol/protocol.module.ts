import { Module } from '@nestjs/common';
import { IdempotentRegistrations } from './idempotent-registrations.ts';

@Module({ providers: [IdempotentRegistrations] })
export class ProtocolModule {}
