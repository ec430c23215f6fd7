import { Global, Module } from '@nestjs/common';
import { ServiceController } from './service.controller.ts';
import { ServiceStore } from './service-store.ts';

@Global()
@Module({ controllers: [ServiceController], providers: [ServiceStore], exports: [ServiceStore] })
export class ServiceModule {}
