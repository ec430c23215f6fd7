import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger } from 'fastify';

/** Writes Nest's log lines with Fastify's logger. */
export function pinoNestLogger(log: FastifyBaseLogger): LoggerService {
  return {
    // At this level Nest logs each module and route at start.
    log: (message: unknown, ...context: unknown[]) => {
      write(log.debug.bind(log), message, context);
    },
    warn: (message: unknown, ...context: unknown[]) => {
      write(log.warn.bind(log), message, context);
    },
    error: (message: unknown, ...context: unknown[]) => {
      // With this name Nest logs why the server cannot start, which `serve` prints.
      if (context.at(-1) !== 'ExceptionHandler') write(log.error.bind(log), message, context);
    },
    debug: (message: unknown, ...context: unknown[]) => {
      write(log.debug.bind(log), message, context);
    },
    verbose: (message: unknown, ...context: unknown[]) => {
      write(log.trace.bind(log), message, context);
    },
    fatal: (message: unknown, ...context: unknown[]) => {
      write(log.fatal.bind(log), message, context);
    },
  };
}

/** The last argument of Nest is the name of the class that logs. */
function write(log: (fields: object, message?: string) => void, message: unknown, context: unknown[]): void {
  const fields = { context: context.at(-1) };
  if (message instanceof Error) log({ ...fields, err: message });
  else log(fields, String(message));
}
