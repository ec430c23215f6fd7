import { parse as parseForm } from 'fast-querystring';
import { LIMITS } from '@clientele/model/metadata';
import type { FastifyInstance } from 'fastify';
import { ApiError, unacceptable } from './api-error.ts';
import { BODY_LIMIT, DEEPEST_BODY } from './limits.ts';
import { isTextDeeper } from './nesting.ts';
import type { RouteDescription } from './routes.ts';
import { textOfUtf8 } from './utf8.ts';

/** The media type of a JSON Merge Patch (RFC 7396 section 4). */
export const MERGE_PATCH = 'application/merge-patch+json';

const OPTIONS = { parseAs: 'buffer', bodyLimit: BODY_LIMIT } as const;

/** Reads bodies as JSON or as forms. Refuses a body that is not UTF-8, because Node would replace the wrong bytes. */
export function readBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const parseJson: typeof parse = (request, text, done) => {
    if (isTextDeeper(text, DEEPEST_BODY)) done(unacceptable(`at most ${LIMITS.depth} levels of nesting are accepted.`));
    else void parse(request, text, done);
  };
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', OPTIONS, (request, body, done) => {
    const text = textOfUtf8(body);
    if (text === undefined) done(notUtf8());
    // Some callers send a content type even without a body.
    else if (text === '' && needsNoBody(request.routeOptions.config.description)) done(null, undefined);
    else parseJson(request, text, done);
  });
  fastify.addContentTypeParser<Buffer>(MERGE_PATCH, OPTIONS, (request, body, done) => {
    if (request.routeOptions.config.description?.body?.mergePatch !== true) {
      done(new ApiError(415, 'contentTypeUnsupported'));
      return;
    }
    const text = textOfUtf8(body);
    if (text === undefined) done(notUtf8());
    else parseJson(request, text, done);
  });
  fastify.addContentTypeParser<Buffer>('application/x-www-form-urlencoded', OPTIONS, (request, body, done) => {
    // A form has only strings. A call that expects other values would take them for omitted.
    if (request.routeOptions.config.description?.body?.form !== true) {
      done(new ApiError(415, 'contentTypeUnsupported'));
      return;
    }
    const text = textOfUtf8(body);
    if (text === undefined) {
      done(notUtf8());
      return;
    }
    const form = parseForm(text);
    // If it were copied to another object, it would replace the prototype of that object.
    if (Object.hasOwn(form, '__proto__')) done(unacceptable('it must not have the member __proto__.'));
    else done(null, form);
  });
}

/** Whether a call has no body, or may omit it. */
function needsNoBody(description: RouteDescription | undefined): boolean {
  return description !== undefined && (description.body === undefined || description.body.optional === true);
}

function notUtf8(): ApiError {
  return unacceptable('it must be encoded in UTF-8.');
}
