import { Logger } from '@nestjs/common';
import type { FastifyBaseLogger } from 'fastify';
import { pinoNestLogger } from './pino-nest-logger.ts';

describe("Nest's log lines", () => {
  const lines: unknown[] = [];
  const log = new Proxy({} as FastifyBaseLogger, {
    get: (_target, level) => (fields: object, message?: string) => lines.push({ level, ...fields, message }),
  });

  afterEach(() => {
    Logger.overrideLogger(false);
    lines.length = 0;
  });

  it('have the message and the stack of an error in fields of their own', () => {
    Logger.overrideLogger(pinoNestLogger(log));
    const error = new Error('first line\nsecond line');
    const err = { message: 'It failed.', stack: error.stack };
    new Logger('main').error('It failed.', error.stack);
    Logger.error('It failed.', error.stack);
    Logger.error('It failed.', error.stack, 'main');
    new Logger('main').fatal(error);
    new Logger('main').warn('Beware.');
    new Logger('ExceptionHandler').error(error);

    expect(lines).toEqual([
      { level: 'error', context: 'main', err, message: 'It failed.' },
      { level: 'error', context: undefined, err, message: 'It failed.' },
      { level: 'error', context: 'main', err, message: 'It failed.' },
      { level: 'fatal', context: 'main', err: error, message: undefined },
      { level: 'warn', context: 'main', message: 'Beware.' },
    ]);
  });
});
