import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createFirstService, storeOf } from './administration/create-service.ts';
import { createApp } from './app.ts';
import { Config } from './config/config.ts';
import { describeFailure } from './database/describe-failure.ts';
import { Metrics } from './observability/metrics.ts';
import { PublicUrls } from './services/public-urls.ts';
import { stopOnSignals } from './shutdown.ts';
import { welcome, welcomeDocument } from './welcome.ts';

export interface ServeOptions {
  /** Whether every line of standard output is JSON. */
  readonly json?: boolean;
}

/** Starts the server with the configuration of the environment. If that fails, prints the reason and ends the process. */
export async function serve(environment: NodeJS.ProcessEnv, { json = false }: ServeOptions = {}): Promise<void> {
  try {
    const config = Config.from(environment);
    const app = await createApp(config, json);
    stopOnSignals(app);
    if (config.allowLoopbackFetch) {
      new Logger('main').warn(
        'ALLOW_LOOPBACK_FETCH: clients can make this server call this machine. For development only.',
      );
    }
    app.get(Metrics).observeProcess();
    const first = await createFirstService(config, storeOf(app));
    const urls = app.get(PublicUrls);
    try {
      await app.listen(config.port, config.host);
      urls.listeningAt(config.host, (app.getHttpServer().address() as AddressInfo).port);
    } finally {
      // Also if the port is taken, because the service exists now and its token is shown only once.
      if (first !== undefined) {
        process.stdout.write(
          json ? `${JSON.stringify(welcomeDocument(urls.baseUrl, first))}\n` : welcome(urls.baseUrl, first),
        );
      }
    }
  } catch (error) {
    const reason = describeFailure(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: reason })}\n`);
    process.stderr.write(`Clientele cannot start.\n${reason}\n`);
    process.exit(1);
  }
}
