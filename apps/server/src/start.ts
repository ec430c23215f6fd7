import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createFirstService, isEmpty, storeOf, type FirstService } from './administration/services/create-service.ts';
import type { Config } from './config/config.ts';
import { RequestGate } from './http/request-gate.ts';
import { Readiness } from './management/readiness.ts';
import { PublicUrls } from './services/public-urls.ts';

/**
 * Listens, then creates the first service of an empty store and returns it. So a server that cannot listen creates no service, whose
 * token would be lost. Requests are refused until then.
 */
export async function start(app: NestFastifyApplication, config: Config): Promise<FirstService | undefined> {
  const { port, host } = config;
  await app.init();
  const gate = app.get(RequestGate);
  const store = storeOf(app);
  // A proxy sends requests as soon as this process listens, when it restarts beside others.
  if (!(await isEmpty(store.database))) gate.accept();
  // Not Nest's method, which logs the failure that the caller of this function reports.
  await app.getHttpAdapter().getInstance().listen({ port, host });
  app.get(PublicUrls).listeningAt(host, addressOf(app).port);
  const first = await createFirstService(config, store);
  gate.accept();
  app.get(Readiness).start();
  return first;
}

/** The address on which a started server listens. */
export function addressOf(app: NestFastifyApplication): AddressInfo {
  return app.getHttpServer().address() as AddressInfo;
}
