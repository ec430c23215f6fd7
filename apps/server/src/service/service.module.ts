import { Global, Module } from '@nestjs/common';
import { ServiceStore } from './service-store.ts';

@Global()
@Module({ providers: [ServiceStore], exports: [ServiceStore] })
export class ServiceModule {}
