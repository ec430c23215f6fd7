import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createApp } from './app.ts';
import { Config } from './config/config.ts';
import { ManagementServer } from './management/management-server.ts';
import { Metrics } from './observability/metrics.ts';
import { PublicUrls } from './services/public-urls.ts';
import { prepareFirstStart } from './administration/first-start.ts';
import { ServiceStore } from './services/service-store.ts';
import { stopOnSignals } from './shutdown.ts';
import { welcome, welcomeDocument } from './welcome.ts';

export interface ServeOptions {
  /** Whether standard output is for programs: what is beside the log is JSON in one line as well. */
  readonly json?: boolean;
}

/** Starts the server that the environment describes; when that cannot be done, says why and ends the process. */
export async function serve(environment: NodeJS.ProcessEnv, { json = false }: ServeOptions = {}): Promise<void> {
  try {
    const config = Config.from(environment);
    const app = await createApp(config);
    stopOnSignals(app);
    if (config.allowLoopbackFetch) {
      new Logger('main').warn(
        'ALLOW_LOOPBACK_FETCH: clients can make this server call this machine. For development only.',
      );
    }
    app.get(Metrics).observeProcess();
    const first = await prepareFirstStart(config, app.get(ServiceStore));
    const urls = app.get(PublicUrls);
    try {
      if (config.managementPort !== undefined) {
        await app.get(ManagementServer).listen(config.managementPort, config.host);
      }
      await app.listen(config.port, config.host);
      urls.listeningAt(config.host, (app.getHttpServer().address() as AddressInfo).port);
    } finally {
      // Also when the port is taken: the service is there from now on, and its token is never shown again.
      if (first !== undefined) {
        process.stdout.write(
          json ? `${JSON.stringify(welcomeDocument(urls.baseUrl, first))}\n` : welcome(urls.baseUrl, first),
        );
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: reason })}\n`);
    process.stderr.write(`Clientele cannot start.\n${reason}\n`);
    process.exit(1);
  }
}
