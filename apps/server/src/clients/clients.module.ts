import { Module } from '@nestjs/common';
import { ClientStore } from './client-store.ts';

@Module({ providers: [ClientStore], exports: [ClientStore] })
export class ClientsModule {}
