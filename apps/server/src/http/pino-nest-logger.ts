import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger, LogLevel } from 'fastify';

/** Writes Nest's log lines with Fastify's logger. */
export function pinoNestLogger(log: FastifyBaseLogger): LoggerService {
  /** The last argument of Nest is the name of the class that logs. */
  const writeAt =
    (level: LogLevel) =>
    (message: unknown, ...context: unknown[]): void => {
      const fields = { context: context.at(-1) };
      // In this context Nest logs why the server cannot start, which `serve` prints.
      if (fields.context === 'ExceptionHandler') return;
      if (message instanceof Error) log[level]({ ...fields, err: message });
      else log[level](fields, String(message));
    };
  return {
    // At this level Nest logs each module and route at start.
    log: writeAt('debug'),
    warn: writeAt('warn'),
    error: writeAt('error'),
    debug: writeAt('debug'),
    verbose: writeAt('trace'),
    fatal: writeAt('fatal'),
  };
}
