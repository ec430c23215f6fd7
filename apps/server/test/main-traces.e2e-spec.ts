import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ACCESS_TOKEN, FIRST_START, register, SERVICE_ID } from './support/clients.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { TraceCollector, type ReceivedSpan } from './support/trace-collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;

const REGISTRATION = `/api/${SERVICE_ID}/client/registration`;
const ROUTE = '/api/:serviceId/client/registration';

describe('the traces of the server', () => {
  const folder = temporaryFolder();
  const started: ServerProcess[] = [];
  let collector: TraceCollector;

  beforeEach(async () => {
    collector = await TraceCollector.listening();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop('SIGKILL')));
    await collector.close();
  });

  const start = async (
    settings: Readonly<Record<string, string>> = {},
    { environment }: Pick<TraceCollector, 'environment'> = collector,
  ) => {
    const server = new ServerProcess({
      DATA_DIR: join(folder.path, 'data'),
      ...FIRST_START,
      ...environment,
      ...settings,
    });
    started.push(server);
    return { server, baseUrl: await server.listening() };
  };

  const call = (baseUrl: string, path: string, body: object | undefined, headers: Record<string, string> = {}) =>
    fetch(`${baseUrl}${path}`, {
      headers: {
        // A persistent connection would delay the stop of the server.
        connection: 'close',
        authorization: `Bearer ${ACCESS_TOKEN}`,
        traceparent: TRACEPARENT,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    }).then((response) => response.text());

  const childrenOf = (parent: ReceivedSpan | undefined): readonly ReceivedSpan[] =>
    collector.spans.filter(({ parentSpanId }) => parent !== undefined && parentSpanId === parent.spanId);
  const named = (name: string): readonly ReceivedSpan[] => collector.spans.filter((span) => span.name === name);

  it('continue the trace of the caller on the API plane, contain store operations, and are sent before the server exits', async () => {
    const { server, baseUrl } = await start();
    const { clientId, token } = await register(baseUrl);
    await call(baseUrl, `${REGISTRATION}/update`, {
      clientId,
      token,
      json: JSON.stringify({ client_id: clientId, client_name: 'x' }),
    });
    await call(baseUrl, `${REGISTRATION}/get`, { clientId, token: 'wrong' });
    expect(await server.stop()).toEqual({ code: 0, signal: null });

    const [update] = named(`POST ${ROUTE}/update`);
    expect(update).toMatchObject({
      traceId: TRACE,
      parentSpanId: CALLER,
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': `${ROUTE}/update`,
        'http.response.status_code': 200,
        'clientele.result_code': 'A213001',
        'clientele.action': 'UPDATED',
      },
    });
    const storeSpans = childrenOf(update);
    expect(storeSpans.map(({ name, kind, traceId }) => [name, kind, traceId])).toEqual(
      expect.arrayContaining([
        ['store read', 3, TRACE],
        ['store write', 3, TRACE],
      ]),
    );
    expect(storeSpans.find(({ name }) => name === 'store write')?.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.query.summary': 'UPDATE client',
    });
    expect(named(`POST ${ROUTE}/get`)[0]?.attributes).toMatchObject({
      'clientele.result_code': 'A215307',
      'clientele.action': 'UNAUTHORIZED',
    });
    // This request had no traceparent.
    const [registration] = named(`POST ${ROUTE}`);
    expect(registration?.parentSpanId ?? '').toBe('');
    expect(registration?.traceId).not.toBe(TRACE);
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'clientele' });
  });

  it('start a new trace on the protocol plane, with a link to the trace of the caller', async () => {
    const { server, baseUrl } = await start();
    await call(baseUrl, `/connect/${SERVICE_ID}/register`, { redirect_uris: ['javascript:alert(1)'] });
    await server.stop();

    const [span] = named('POST /connect/:serviceId/register');
    expect(span?.traceId).not.toBe(TRACE);
    expect(span?.parentSpanId ?? '').toBe('');
    expect(span?.links).toEqual([expect.objectContaining({ traceId: TRACE, spanId: CALLER })]);
    expect(span?.attributes).toMatchObject({
      'http.response.status_code': 400,
      'clientele.error': 'invalid_redirect_uri',
    });
  });

  it('have no parent if traceparent is invalid, and do not contain an unknown path', async () => {
    const { server, baseUrl } = await start();
    await call(baseUrl, `/canary-path?canary-query`, undefined, { traceparent: '00-nonsense', tracestate: 'canary=1' });
    await call(baseUrl, '/health/ready', undefined);
    await call(baseUrl, '/metrics', undefined);
    await server.stop();

    expect(collector.spans.map(({ name, attributes }) => [name, attributes['http.response.status_code']])).toEqual([
      ['GET', 404],
    ]);
    expect(collector.text).not.toContain('canary');
  });

  it('can be found by the trace_id and span_id of a log line', async () => {
    const { server, baseUrl } = await start();
    await call(baseUrl, `${REGISTRATION}/get`, { clientId: 1, token: 'x' });
    await server.stop();

    const [span] = named(`POST ${ROUTE}/get`);
    const lines = server.stdout.split('\n').filter((line) => line.startsWith('{'));
    const requestLines = lines.map((line) => JSON.parse(line) as object).filter((line) => 'route' in line);
    expect(requestLines).toEqual([
      expect.objectContaining({ msg: 'request completed', trace_id: TRACE, span_id: span?.spanId }) as unknown,
    ]);
  });

  it('use the settings OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS', async () => {
    const { server, baseUrl } = await start({
      OTEL_SERVICE_NAME: 'registry-of-tests',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a-tenant',
    });
    await call(baseUrl, `${REGISTRATION}/get`, { clientId: 1, token: 'x' }, { traceparent: '' });
    await call(baseUrl, `${REGISTRATION}/get`, { clientId: 1, token: 'x' });
    await call(baseUrl, `/connect/${SERVICE_ID}/register/1`, undefined);
    await server.stop();

    // Only a caller on the API plane can override the sampler.
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'registry-of-tests',
      'deployment.environment.name': 'test',
    });
    expect(collector.text).toContain('"x-tenant":"a-tenant"');
  });

  it('are sent as protobuf by default', async () => {
    const { server, baseUrl } = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: '' });
    await call(baseUrl, `${REGISTRATION}/get`, { clientId: 1, token: 'x' });
    await server.stop();

    expect(collector.text).toMatch(/^\/v1\/traces .*"content-type":"application\/x-protobuf"/);
    expect(collector.text).toContain(`POST ${ROUTE}/get`);
  });

  it('do not affect requests or the exit code of the server if the collector is unavailable', async () => {
    const { environment } = collector;
    await collector.close();
    const { server, baseUrl } = await start({}, { environment });
    await expect(register(baseUrl)).resolves.toBeDefined();
    expect(await server.stop()).toEqual({ code: 0, signal: null });

    collector = await TraceCollector.listening();
  });

  describe('of a request that fetches a document', () => {
    let documents: Server;
    let requestHeaders: string | undefined;

    beforeEach(async () => {
      documents = createServer((request, response) => {
        requestHeaders = JSON.stringify(request.headers);
        response.statusCode = 404;
        response.end();
      });
      await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
    });

    afterEach(() => new Promise((resolve) => documents.close(resolve)));

    it('contain a span for the fetch, and the fetch sends no trace headers', async () => {
      const { server, baseUrl } = await start({ ALLOW_LOOPBACK_FETCH: 'true' });
      const { port } = documents.address() as AddressInfo;
      const service = await (
        await fetch(`${baseUrl}/api/${SERVICE_ID}/service/get`, {
          headers: { authorization: `Bearer ${ACCESS_TOKEN}` },
        })
      ).json();
      const issuer = {
        issuer: 'https://i.example.com',
        jwksUri: `http://127.0.0.1:${port}/canary-document`,
        algorithms: ['RS256'],
      };
      await call(baseUrl, `/api/${SERVICE_ID}/service/update`, {
        ...(service as object),
        softwareStatementIssuers: [issuer],
      });
      const statement = [{ alg: 'RS256', kid: 'k' }, { iss: issuer.issuer }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .concat('c2lnbmF0dXJl')
        .join('.');
      await call(baseUrl, REGISTRATION, { json: JSON.stringify({ software_statement: statement }) });
      await server.stop();

      const [fetched] = named('fetch document');
      expect(fetched).toMatchObject({
        traceId: TRACE,
        parentSpanId: named(`POST ${ROUTE}`)[0]?.spanId,
        kind: 3,
        attributes: { 'clientele.fetch.outcome': 'unusable', 'error.type': 'unusable' },
        status: { code: 2 },
      });
      expect(requestHeaders).toBeDefined();
      expect(requestHeaders).not.toMatch(/traceparent|tracestate|baggage/);
      expect(collector.text).not.toContain('canary-document');
    });
  });
});
