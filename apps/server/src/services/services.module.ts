import { Module } from '@nestjs/common';
import { DeletedServices } from './deleted-services.ts';
import { PublicUrls } from './public-urls.ts';
import { ServiceStore } from './service-store.ts';

@Module({ providers: [DeletedServices, ServiceStore, PublicUrls], exports: [ServiceStore, PublicUrls] })
export class ServicesModule {}
