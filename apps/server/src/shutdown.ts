import { constants } from 'node:os';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from './config/config.ts';
import { STOP_LIMIT } from './http/limits.ts';
import { RequestGate } from './http/request-gate.ts';
import { Readiness } from './management/readiness.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Stops the server at the first signal, after the requests in progress, and ends the process with 0, or with 1 if stopping fails or takes
 * too long. A second signal ends the process at once.
 */
export function stopOnSignals(app: NestFastifyApplication): void {
  const logger = new Logger('main');
  let stopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping) process.exit(128 + constants.signals[signal]);
      stopping = true;
      logger.warn(`${signal}: the server is stopping.`);
      setTimeout(
        () => {
          logger.fatal('The server could not stop in time.');
          process.exit(1);
        },
        app.get(Config).shutdownDelay + STOP_LIMIT,
      ).unref();
      stop(app).then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal(error);
          process.exit(1);
        },
      );
    });
  }
}

/** Reports that the server is not ready, then ends the connections, then closes the rest. */
async function stop(app: NestFastifyApplication): Promise<void> {
  app.get(Readiness).stop();
  await app.get(RequestGate).drain();
  await app.close();
}
