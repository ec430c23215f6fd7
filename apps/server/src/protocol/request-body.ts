import type { FastifyInstance, FastifyRequest } from 'fastify';
import { METADATA_BODY_LIMIT } from '../http/limits.ts';
import { textOfUtf8 } from '../http/utf8.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { ProtocolError } from './protocol-error.ts';

/** `application/json` or a type based on it, in UTF-8, the only encoding of JSON (RFC 8259 section 8.1). */
const JSON_IN_UTF8 = /^application\/(?:[\w.+-]+\+)?json[ \t]*(?:;(?![^]*\bcharset=(?!"?utf-?8"?[ \t]*(?:;|$)))[^]*)?$/i;

/** Reads bodies without parsing them, because the reader of client metadata parses their text. */
export function readBodiesAsBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: METADATA_BODY_LIMIT }, (_request, body, done) => {
    done(null, body);
  });
}

/**
 * Refuses a body without a JSON Content-Type before it is read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export function expectJson({ headers }: FastifyRequest): void {
  if (!JSON_IN_UTF8.test(headers['content-type'] ?? '')) {
    throw new ProtocolError(415, 'invalid_request', 'The Content-Type must be application/json, in UTF-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ProtocolError(415, 'invalid_request', 'The body must be sent without a Content-Encoding.', {
      'accept-encoding': 'identity',
    });
  }
}

/** The text of a body; empty if there is no body. */
export function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) return '';
  const text = textOfUtf8(body);
  if (text === undefined)
    throw RegistrationError.of('invalid_client_metadata', 'metadataUnparsable', {
      parameters: { details: 'the text must be UTF-8.' },
    });
  return text;
}
