import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { Config } from './config.ts';
import { PublicUrls } from './public-urls.ts';
import { prepareFirstStart } from './service/first-start.ts';
import { ServiceStore } from './service/service-store.ts';
import { welcome } from './welcome.ts';

try {
  const config = Config.from(process.env);
  const app = await createApp(config);
  const first = await prepareFirstStart(config, app.get(ServiceStore));

  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const urls = app.get(PublicUrls);
  urls.listeningAt(config.host, port);

  if (first !== undefined) process.stdout.write(welcome(urls.baseUrl, first));
} catch (error) {
  process.stderr.write(`Clientele cannot start.\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
