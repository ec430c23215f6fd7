import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hasToken, storeOf } from './administration/services/create-service.ts';
import { createApp } from './app.ts';
import { Config } from './config/config.ts';
import { misspeltNames } from './config/environment.ts';
import { expectUsableClock } from './database/clock.ts';
import { describeFailure } from './database/describe-failure.ts';
import { packageVersion } from './files/package-version.ts';
import { ManagementServer } from './management/management-server.ts';
import { Metrics } from './observability/metrics.ts';
import { SCHEMA } from './schema.ts';
import { httpUrl, PublicUrls } from './services/public-urls.ts';
import { stopOnSignals } from './shutdown.ts';
import { addressOf, start } from './start.ts';
import { welcome, welcomeDocument } from './welcome.ts';

export interface ServeOptions {
  /** Whether every line of standard output is JSON. */
  readonly json?: boolean;
}

/** Starts the server with the configuration of the environment. If that fails, prints the reason and ends the process. */
export async function serve(environment: NodeJS.ProcessEnv, { json = false }: ServeOptions = {}): Promise<void> {
  const misspelt = misspeltNames(environment);
  let config: Config | undefined;
  try {
    // With a wrong clock, the server could create nothing, and would delete what has not expired.
    expectUsableClock();
    config = Config.forServer(environment);
    const app = await createApp(config, json);
    stopOnSignals(app);
    const logger = new Logger('main');
    for (const line of misspelt) logger.warn(line);
    if (config.allowLoopbackFetch) {
      logger.warn('ALLOW_LOOPBACK_FETCH: clients can make this server call this machine. For development only.');
    }
    app.get(Metrics).observeProcess();
    const first = await start(app, config);
    logStart(app, config);
    const { bootstrapAccessToken } = config;
    if (first === undefined && bootstrapAccessToken !== undefined) {
      if (!(await hasToken(storeOf(app).database, bootstrapAccessToken))) {
        logger.warn(
          'BOOTSTRAP_ACCESS_TOKEN is ignored, because the store is not empty and has no such token. ' +
            "Remove the setting. 'clientele token create' creates a token, or 'clientele token recover' if all are lost.",
        );
      }
    }
    if (first !== undefined) {
      const urls = app.get(PublicUrls);
      process.stdout.write(json ? `${JSON.stringify(welcomeDocument(urls, first))}\n` : welcome(urls, first));
    }
  } catch (error) {
    const reason = [describeFailure(error, config), ...misspelt].join('\n');
    if (json) process.stdout.write(`${JSON.stringify({ error: reason })}\n`);
    process.stderr.write(`Clientele cannot start.\n${reason}\n`);
    process.exit(1);
  }
}

/** Logs what runs here, in the only line about the start. */
function logStart(app: NestFastifyApplication, { database, managementPort }: Config): void {
  const { address, port } = addressOf(app);
  const { url } = app.get(ManagementServer);
  app
    .getHttpAdapter()
    .getInstance()
    .log.info(
      {
        version: packageVersion(),
        engine: database.engine,
        store: database.engine === 'sqlite' ? database.path : locationOf(database.url),
        schemaVersion: SCHEMA.version,
        baseUrl: app.get(PublicUrls).baseUrl,
        port,
        ...(managementPort !== undefined && url !== undefined && { managementPort: Number(new URL(url).port) }),
      },
      `Server listening at ${httpUrl(address, port)}`,
    );
}

/** The host and the name of a PostgreSQL database, without credentials. */
function locationOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
