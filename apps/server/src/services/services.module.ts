import { Module } from '@nestjs/common';
import { PublicUrls } from './public-urls.ts';
import { ServiceStore } from './service-store.ts';

@Module({ providers: [ServiceStore, PublicUrls], exports: [ServiceStore, PublicUrls] })
export class ServicesModule {}
