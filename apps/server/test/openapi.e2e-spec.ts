import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { EXAMPLE } from '../src/http/examples.ts';
import { newService } from '../src/services/service.ts';
import { HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

/** A service for the example of a deletion, because the other examples need theirs. */
const DELETED_SERVICE_ID = SERVICE_ID + 1;

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    required?: boolean;
    example?: unknown;
  }[];
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

/** Compiles the schemas of the document. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', ...DOCUMENT });

/** Validates a value against the schema at a location in the document, and returns the errors. */
function problems(location: readonly string[], value: unknown): unknown {
  const pointer = location.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
  const validate = ajv.getSchema(`openapi#/${pointer.join('/')}`);
  if (validate === undefined) throw new Error(`There is no schema at ${location.join(' ')}.`);
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

  it('has an ID of its own for each operation', () => {
    const ids = OPERATIONS.map(({ id }) => id);

    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it('contains exactly the routes of the server', () => {
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    // HEAD and OPTIONS routes are added automatically.
    const own = [...routes].filter((route) => !/^(HEAD|OPTIONS) /.test(route));

    expect(own.sort()).toEqual(described.sort());
  });

  it('is served at /openapi.json as in the repository', async () => {
    const response = await fetch(`${server.baseUrl}/openapi.json`);

    expect(await response.json()).toEqual(DOCUMENT);
  });

  it('can be found from the root', async () => {
    const page = await (await fetch(server.baseUrl)).text();
    const links = Array.from(page.matchAll(/<a href="([^"]+)"/g), ([, link = '']) => link);

    expect(links).toEqual(['docs', 'openapi.json']);
    for (const link of links) expect((await fetch(new URL(link, `${server.baseUrl}/`))).status).toBe(200);
  });

  it('is served at /docs without scripts or external resources', async () => {
    const response = await fetch(`${server.baseUrl}/docs`);
    const page = await response.text();

    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/,
    );
    expect(page.replace(/<link rel="icon" href="data:[^"]+">/, '')).not.toMatch(
      /<script|<link|<img|<iframe|\bon\w+=|\bsrc=/i,
    );
    for (const { path } of OPERATIONS) expect(page).toContain(`${path}</code>`);
    const ids = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
    const targets = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
    expect(targets.filter((id) => !ids.has(id))).toEqual([]);
    expect(page).not.toContain('$ref');
    expect(page).toContain(
      `curl -X POST &quot;${server.baseUrl}/api/$SERVICE_ID/client/registration/update&quot; \\\n  -H &quot;Authorization: Bearer $ACCESS_TOKEN&quot;`,
    );
    expect(page).toContain(`baseUrl: '${server.baseUrl}'`);
    expect(page).toContain("<pre>await clientele.clients.get('906124783513602');</pre>");
  });

  it('refuses values that the server refuses', () => {
    const schemas = (name: string) => ['components', 'schemas', name];
    expect(problems(schemas('ApiServiceIdClientRegistrationGet'), { clientId: 0, token: 1 })).not.toEqual([]);
    expect(problems(schemas('ClientMetadata'), { grant_types: ['no such grant'] })).not.toEqual([]);
    expect(problems(schemas('ClientInformation'), { client_id: '1' })).not.toEqual([]);
    expect(problems(schemas('ServiceSettings'), { supportedScopes: [{ name: 'with blank' }] })).not.toEqual([]);
  });

  it('contains the target of every reference', () => {
    const references = Array.from(
      JSON.stringify(DOCUMENT).matchAll(/"\$ref":"#\/([^"]+)"/g),
      ([, location = '']) => location,
    );

    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(problems(reference.split('/'), undefined)).toBeDefined();
  });

  it.each(OPERATIONS.filter(({ body }) => body).map(({ id, body }) => [id, body!] as const))(
    'contains a valid example of the body of %s',
    (_id, { schema, example }) => {
      expect(problems(schema.$ref.split('/').slice(1), example)).toEqual([]);
    },
  );

  describe('describes the response to each example', () => {
    /** The last token that was created at each path, by the path without its last part. */
    const tokens: Record<string, { id: number | string }> = {};
    const placeOf = (path: string) => path.split(/\/(?:create|delete)/)[0] ?? '';

    /** Inserts an existing client and its token into an example. */
    const withClient = (text: string, client: Registered) =>
      text
        .replaceAll(String(EXAMPLE.serviceId), String(SERVICE_ID))
        .replaceAll(String(EXAMPLE.clientId), String(client.clientId))
        .replaceAll(EXAMPLE.token, client.token);

    it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
      const { method, path, security, body, status } = operation;
      const client = await server.register();
      if (id === 'deleteService') await server.addService(newService(DELETED_SERVICE_ID, 2, Date.now()), undefined);
      const url = path
        .replace('{serviceId}', String(id === 'deleteService' ? DELETED_SERVICE_ID : EXAMPLE.serviceId))
        .replace('{clientId}', String(EXAMPLE.clientId))
        .replace('{clientIdentifier}', EXAMPLE.clientIdentifier)
        .replace('{subject}', EXAMPLE.subject)
        .replace(/\{(id|apiAccessTokenId)\}/, String(tokens[placeOf(path)]?.id));
      const query = (operation.operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query' && parameter.required === true)
        .map(({ name, example }) => `${name}=${String(example)}`)
        .join('&');
      const response = await server.send({
        method: method.toUpperCase(),
        path: withClient(`${url}?${query}`, client),
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(security === 'apiAccessToken' && { authorization: HEADERS.authorization }),
          ...(security === 'registrationAccessToken' && { authorization: `Bearer ${client.token}` }),
        },
        body: body && withClient(JSON.stringify(body.example), client),
      });

      expect({ status: response.status, text: response.text }).toMatchObject({ status });
      const [type = ''] = Object.keys(operation.operation.responses[String(status)]?.content ?? {});
      if (!type.endsWith('json')) return;
      const texts = type === 'application/x-ndjson' ? response.text.trimEnd().split('\n') : [response.text];
      for (const text of texts) {
        const parsed = JSON.parse(text) as { id: number | string; action?: string };
        if (path.endsWith('/create')) tokens[placeOf(path)] = parsed;
        expect(parsed.action ?? '').not.toMatch(/BAD_REQUEST|UNAUTHORIZED/);
        expect(
          problems(['paths', path, method, 'responses', String(status), 'content', type, 'schema'], parsed),
        ).toEqual([]);
      }
    });

    it.each([
      ['registerClient', 401, {}],
      ['registerClient', 400, HEADERS],
      ['getService', 401, {}],
      ['register', 400, { 'content-type': 'application/json' }],
      ['readRegistration', 401, {}],
    ])('%s with status %d', async (id, status, headers) => {
      const { method, path } = OPERATIONS.find((operation) => operation.id === id)!;
      const url = path.replace('{serviceId}', String(SERVICE_ID)).replace('{clientId}', '1');
      const response = await server.send({
        method: method.toUpperCase(),
        path: url,
        headers,
        body: method === 'post' ? '[' : undefined,
      });

      expect(response.status).toBe(status);
      expect(
        problems(
          ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'],
          JSON.parse(response.text),
        ),
      ).toEqual([]);
    });
  });
});
