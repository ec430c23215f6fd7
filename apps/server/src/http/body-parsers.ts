import { parse as parseForm } from 'fast-querystring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import { ApiError } from './api-error.ts';
import { BODY_LIMIT } from './limits.ts';
import { textOfUtf8 } from './utf8.ts';

/** Reads bodies as JSON or as forms. A body that is not UTF-8 is refused instead of being read with replaced characters. */
export function readBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  const options = { bodyLimit: BODY_LIMIT };
  app.useBodyParser<Server>('application/json', options, (request, body, done) => {
    const text = textOfUtf8(body);
    if (text === undefined) done(notUtf8());
    else void parseJson(request, text, done);
  });
  app.useBodyParser<Server>('application/x-www-form-urlencoded', options, (_request, body, done) => {
    const text = textOfUtf8(body);
    if (text === undefined) {
      done(notUtf8());
      return;
    }
    const form = parseForm(text);
    // Copied onto another object, this name would replace the prototype of that object.
    if (Object.hasOwn(form, '__proto__')) done(unacceptable('it must not have the member __proto__.'));
    else done(null, form);
  });
}

function notUtf8(): ApiError {
  return unacceptable('it must be encoded in UTF-8.');
}

function unacceptable(details: string): ApiError {
  return new ApiError(400, 'bodyUnacceptable', { details });
}
