import type { FastifyPluginCallback } from 'fastify';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { openApiDocument, type OpenApiDocument } from './document.ts';

/** The description of the API, for programs and for people; made when it is first asked for. */
export const openApiEndpoints: FastifyPluginCallback = (fastify, _options, done) => {
  let made: OpenApiDocument | undefined;
  const document = () => (made ??= openApiDocument());
  fastify.get('/openapi.json', () => document());
  fastify.get('/docs', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': DOCS_POLICY, 'x-content-type-options': 'nosniff' })
      .type('text/html; charset=utf-8')
      .send(docsPage(document())),
  );
  done();
};
