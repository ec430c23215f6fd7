import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import type { Config } from './config/config.ts';
import { pinoNestLogger } from './http/pino-nest-logger.ts';
import { ServerAdapter } from './http/server-adapter.ts';

/** Creates the server, ready to listen. Throws, with a message for people, if its store cannot be opened. */
export function createApp(config: Config): Promise<NestFastifyApplication> {
  const adapter = new ServerAdapter(config);
  return NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), adapter, {
    logger: pinoNestLogger(adapter.getInstance().log),
    abortOnError: false,
    bodyParser: false,
  });
}
