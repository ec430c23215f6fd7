import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createApp } from './app.ts';
import { Config } from './config.ts';
import { ManagementServer } from './observability/management-server.ts';
import { Metrics } from './observability/metrics.ts';
import { PublicUrls } from './public-urls.ts';
import { prepareFirstStart } from './service/first-start.ts';
import { ServiceStore } from './service/service-store.ts';
import { welcome } from './welcome.ts';

/** Starts the server that the environment describes; when that cannot be done, says why and ends the process. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = Config.from(environment);
    const app = await createApp(config);
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
      if (first !== undefined) process.stdout.write(welcome(urls.baseUrl, first));
    }
  } catch (error) {
    process.stderr.write(`Clientele cannot start.\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
