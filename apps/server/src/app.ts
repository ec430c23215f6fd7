import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import type { Config } from './config/config.ts';
import { pinoNestLogger } from './http/pino-nest-logger.ts';
import { ServerAdapter } from './http/server-adapter.ts';

/**
 * Creates the server, ready to listen. `json`: log lines are JSON at a terminal, too. Throws if the store cannot be opened; the
 * message says how to correct that.
 */
export function createApp(config: Config, json = false): Promise<NestFastifyApplication> {
  const adapter = new ServerAdapter(config, json);
  return NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), adapter, {
    logger: pinoNestLogger(adapter.getInstance().log),
    abortOnError: false,
    bodyParser: false,
  });
}
