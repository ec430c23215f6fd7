import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { EXAMPLE } from '../src/http/examples.ts';
import { HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: { $ref: string }; example: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The document in the repository. A test compares it with that of the server. */
const DOCUMENT = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as Document;

const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    id: operation.operationId,
    method,
    path,
    security: Object.keys(operation.security[0] ?? {})[0],
    body: operation.requestBody?.content['application/json'],
    status: Number(Object.keys(operation.responses).find((status) => status.startsWith('2'))),
    operation,
  })),
);

/** The schemas of the document as Ajv finds them. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', ...DOCUMENT });

/** What is wrong with a value by the schema at a place in the document; nothing where it is right. */
function problems(place: readonly string[], value: unknown): unknown {
  const pointer = place.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
  const validate = ajv.getSchema(`openapi#/${pointer.join('/')}`);
  if (validate === undefined) throw new Error(`There is no schema at ${place.join(' ')}.`);
  return validate(value) === true ? [] : validate.errors;
}

describe('the description of the API', () => {
  let server: TestServer;
  const routes = new Set<string>();

  beforeAll(async () => {
    const watch = (message: unknown) => {
      const { fastify } = message as { fastify: FastifyInstance };
      fastify.addHook('onRoute', ({ method, url }) => {
        for (const each of [method].flat()) routes.add(`${each} ${url.replace(/:(\w+)/g, '{$1}')}`);
      });
    };
    subscribe('fastify.initialization', watch);
    server = await startServer();
    unsubscribe('fastify.initialization', watch);
  });

  afterAll(() => server.close());

  it('has every route of the server, and no other', () => {
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    // What Fastify answers by itself: HEAD where there is GET, and preflights.
    const own = [...routes].filter((route) => !/^(HEAD|OPTIONS) /.test(route));

    expect(own.sort()).toEqual(described.sort());
  });

  it('is served at /openapi.json, as it is kept in the repository', async () => {
    const response = await fetch(`${server.baseUrl}/openapi.json`);

    expect(await response.json()).toEqual(DOCUMENT);
  });

  it('is a page at /docs that executes and loads nothing', async () => {
    const response = await fetch(`${server.baseUrl}/docs`);
    const page = await response.text();

    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bon\w+=|\bsrc=/i);
    for (const { path } of OPERATIONS) expect(page).toContain(`${path}</code>`);
  });

  it('refuses what the server refuses', () => {
    const schemas = (name: string) => ['components', 'schemas', name];
    expect(problems(schemas('ApiServiceIdClientRegistrationGet'), { clientId: 0, token: 1 })).not.toEqual([]);
    expect(problems(schemas('ClientMetadata'), { grant_types: ['no such grant'] })).not.toEqual([]);
    expect(problems(schemas('ClientInformation'), { client_id: '1' })).not.toEqual([]);
    expect(problems(schemas('ServiceSettings'), { supportedScopes: [{ name: 'with blank' }] })).not.toEqual([]);
  });

  it('refers to nothing that it does not have', () => {
    const references = Array.from(
      JSON.stringify(DOCUMENT).matchAll(/"\$ref":"#\/([^"]+)"/g),
      ([, place = '']) => place,
    );

    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(problems(reference.split('/'), undefined)).toBeDefined();
  });

  it.each(OPERATIONS.filter(({ body }) => body).map(({ id, body }) => [id, body!] as const))(
    'has an example of the body of %s that its schema accepts',
    (_id, { schema, example }) => {
      expect(problems(schema.$ref.split('/').slice(1), example)).toEqual([]);
    },
  );

  describe('says what the server does with each example', () => {
    const tokens: Record<string, { id: number }> = {};

    /** The example as it is for a client and a token that are there. */
    const real = (text: string, client: Registered) =>
      text
        .replaceAll(String(EXAMPLE.serviceId), String(SERVICE_ID))
        .replaceAll(String(EXAMPLE.clientId), String(client.clientId))
        .replaceAll(String(EXAMPLE.initialAccessTokenId), String(tokens.last?.id))
        .replaceAll(EXAMPLE.token, client.token);

    it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
      const { method, path, security, body, status } = operation;
      const client = await server.register();
      const url = path
        .replace('{serviceId}', String(EXAMPLE.serviceId))
        .replace('{clientId}', String(EXAMPLE.clientId))
        .replace('{id}', String(EXAMPLE.initialAccessTokenId));
      const answer = await server.send({
        method: method.toUpperCase(),
        path: real(url, client),
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(security === 'apiAccessToken' && { authorization: HEADERS.authorization }),
          ...(security === 'registrationAccessToken' && { authorization: `Bearer ${client.token}` }),
        },
        body: body && real(JSON.stringify(body.example), client),
      });

      expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
      if (operation.operation.responses[String(status)]?.content?.['application/json'] === undefined) return;
      const parsed = JSON.parse(answer.text) as { id: number; action?: string };
      if (id === 'createInitialAccessToken') tokens.last = parsed;
      expect(parsed.action ?? '').not.toMatch(/BAD_REQUEST|UNAUTHORIZED/);
      expect(
        problems(['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'], parsed),
      ).toEqual([]);
    });

    it.each([
      ['registerClient', 401, {}],
      ['registerClient', 400, HEADERS],
      ['getService', 401, {}],
      ['register', 400, { 'content-type': 'application/json' }],
      ['readRegistration', 401, {}],
    ])('%s, answered with %d', async (id, status, headers) => {
      const { method, path } = OPERATIONS.find((operation) => operation.id === id)!;
      const url = path.replace('{serviceId}', String(SERVICE_ID)).replace('{clientId}', '1');
      const answer = await server.send({
        method: method.toUpperCase(),
        path: url,
        headers,
        body: method === 'post' ? '[' : undefined,
      });

      expect(answer.status).toBe(status);
      expect(
        problems(
          ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'],
          JSON.parse(answer.text),
        ),
      ).toEqual([]);
    });
  });
});
