import { Global, Module } from '@nestjs/common';
import { ApiAuthentication } from '../access/api-authentication.ts';
import { ServiceController } from '../administration/service.controller.ts';
import { ServiceStore } from './service-store.ts';

@Global()
@Module({
  controllers: [ServiceController],
  providers: [ServiceStore, ApiAuthentication],
  exports: [ServiceStore, ApiAuthentication],
})
export class ServiceModule {}
