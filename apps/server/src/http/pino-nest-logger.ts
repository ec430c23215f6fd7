import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger, LogLevel } from 'fastify';

const STACK = /\n\s+at /;

/** Writes Nest's log lines with Fastify's logger. */
export function pinoNestLogger(log: FastifyBaseLogger): LoggerService {
  /** The last argument of Nest is the name of the class that logs, if it has one. The stack of an error can precede it. */
  const writeAt =
    (level: LogLevel) =>
    (message: unknown, ...others: unknown[]): void => {
      const texts = others.filter((each) => typeof each === 'string');
      const stack = texts.find((text) => STACK.test(text));
      const context = texts.findLast((text) => !STACK.test(text));
      // In this context Nest logs why the server cannot start, which `serve` prints.
      if (context === 'ExceptionHandler') return;
      if (message instanceof Error) log[level]({ context, err: message });
      else if (stack === undefined) log[level]({ context }, String(message));
      else log[level]({ context, err: { message: String(message), stack } }, String(message));
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
