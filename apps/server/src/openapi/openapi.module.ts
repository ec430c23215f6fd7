import { Module } from '@nestjs/common';
import { HttpModule } from '../http/http.module.ts';
import { OpenApiController } from './openapi.controller.ts';

@Module({ imports: [HttpModule], controllers: [OpenApiController] })
export class OpenApiModule {}
