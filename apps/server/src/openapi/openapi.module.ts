import { Module } from '@nestjs/common';
import { HttpModule } from '../http/http.module.ts';
import { ServicesModule } from '../services/services.module.ts';
import { OpenApiController } from './openapi.controller.ts';

@Module({ imports: [HttpModule, ServicesModule], controllers: [OpenApiController] })
export class OpenApiModule {}
