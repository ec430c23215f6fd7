import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINIMAL } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import { TraceCollector } from './support/trace-collector.ts';

const ACCESS_TOKEN = 'canary-api-access-token-of-32-characters';
const ENCRYPTION_KEY = randomBytes(32).toString('base64url');
const COLLECTOR_TOKEN = 'canary-collector-token';
const SERVICE_ID = 12345;

/** Runs the server as a process with full logging, and calls every endpoint with known secrets. */
describe('secrets in the output of the server', () => {
  let folder: string;
  let collector: TraceCollector;
  let server: ServerProcess;
  let baseUrl: string;
  /** Values that may appear only in the response to their owner. */
  const secrets = new Set<string>([ACCESS_TOKEN, ENCRYPTION_KEY, COLLECTOR_TOKEN]);
  /** The bodies of error responses. */
  const errors: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-canary-'));
    collector = await TraceCollector.listening();
    server = new ServerProcess({
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'trace',
      BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
      ENCRYPTION_KEY,
      ...collector.environment,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${COLLECTOR_TOKEN}`,
    });
    baseUrl = await server.listening();
    await callEveryEndpoint();
  });

  afterAll(async () => {
    await server.stop('SIGKILL');
    await collector.close();
    rmSync(folder, { recursive: true });
  });

  const send = async (method: string, path: string, token: string | undefined, body?: unknown): Promise<string> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'x-request-id': 'canary-run-of-all',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 400 || /"action":"(BAD_REQUEST|UNAUTHORIZED|INTERNAL_SERVER_ERROR)"/.test(text)) {
      errors.push(text);
    }
    return text;
  };

  interface Issued {
    client_id: string;
    client_secret: string;
    registration_access_token: string;
  }
  const addSecrets = (information: string): Issued => {
    const issued = JSON.parse(information) as Issued;
    secrets.add(issued.client_secret).add(issued.registration_access_token);
    return issued;
  };
  /** Creates an unknown secret, which a caller sends as a credential or in the wrong place. */
  const stray = (name: string): string => {
    const secret = `canary-stray-${name}`;
    secrets.add(secret);
    return secret;
  };

  const callEveryEndpoint = async (): Promise<void> => {
    const api = `/api/${SERVICE_ID}`;
    const registration = `${api}/client/registration`;

    const created = await send('POST', registration, ACCESS_TOKEN, { json: '{"client_name":"x"}' });
    const { client_id, client_secret, registration_access_token } = addSecrets(
      (JSON.parse(created) as { responseContent: string }).responseContent,
    );
    const valid = { clientId: client_id, token: registration_access_token };
    const wrong = { clientId: client_id, token: stray('token') };
    await send('POST', `${registration}/get`, ACCESS_TOKEN, valid);
    await send('POST', `${registration}/get`, ACCESS_TOKEN, wrong);
    await send('POST', `${registration}/update`, ACCESS_TOKEN, {
      ...valid,
      json: JSON.stringify({ client_id, client_secret }),
    });
    await send('POST', `${registration}/update`, ACCESS_TOKEN, {
      ...valid,
      json: JSON.stringify({ client_id, client_secret: stray('client-secret') }),
    });
    await send('POST', `${registration}/update`, ACCESS_TOKEN, `{"token":"${stray('broken-json')}`);
    await send('POST', `${registration}/update`, stray('api-token'), valid);
    await send('POST', `${registration}/update`, `${stray('malformed')}"`, valid);
    await send('POST', registration, ACCESS_TOKEN, {
      json: JSON.stringify({ software_statement: stray('statement') }),
    });
    await send('POST', registration, ACCESS_TOKEN, {
      json: JSON.stringify({ jwks: { keys: [{ kty: 'oct', k: stray('symmetric-key') }] } }),
    });
    await send('POST', `${registration}/delete`, ACCESS_TOKEN, wrong);
    await send('POST', `${registration}/delete`, ACCESS_TOKEN, valid);
    await send('GET', `${registration}?access_token=${stray('query')}`, ACCESS_TOKEN);
    await send('GET', `/${stray('path')}`, undefined);

    const initial = JSON.parse(await send('POST', `${api}/initial_access_token/create`, ACCESS_TOKEN, { uses: 2 })) as {
      id: number;
      initialAccessToken: string;
    };
    secrets.add(initial.initialAccessToken);
    await send('GET', `${api}/initial_access_token/get/list`, ACCESS_TOKEN);

    const connect = `/connect/${SERVICE_ID}/register`;
    const registered = addSecrets(await send('POST', connect, initial.initialAccessToken, MINIMAL));
    const ownUri = `${connect}/${registered.client_id}`;
    await send('GET', ownUri, registered.registration_access_token);
    await send('GET', ownUri, stray('registration-token'));
    await send('PUT', ownUri, registered.registration_access_token, {
      ...MINIMAL,
      client_id: registered.client_id,
    });
    await send('PUT', ownUri, registered.registration_access_token, `{"client_secret":"${stray('connect-json')}`);
    await send('DELETE', ownUri, registered.registration_access_token);
    await send('POST', connect, stray('initial-token'), { ...MINIMAL, client_name: 1 });
    await send('DELETE', `${api}/initial_access_token/delete/${initial.id}`, ACCESS_TOKEN);

    await send('GET', `${api}/service/get`, ACCESS_TOKEN);
    await send('POST', `${api}/service/update`, ACCESS_TOKEN, { serviceName: 1, token: stray('settings') });
    await send('GET', `/connect/${SERVICE_ID}/.well-known/openid-configuration`, undefined);
    for (const path of ['/health/live', '/health/ready', '/api/lifecycle/healthcheck?extended=true']) {
      await send('GET', path, stray('health'));
    }
  };

  const expectNoSecret = (text: string): void => {
    for (const secret of secrets) expect(text).not.toContain(secret);
  };

  it('the log at level trace contains no secret', () => {
    expect(secrets.size).toBeGreaterThan(18);
    expect(server.stdout).toContain('"level":20');
    expect(server.stdout).toContain('"reqId":"canary-run-of-all"');
    expectNoSecret(server.stdout);
    expectNoSecret(server.stderr);
  });

  it('the metrics contain no secret', async () => {
    const page = await (await fetch(`${baseUrl}/metrics`)).text();

    expect(page).toContain('clientele_http_requests_total{');
    expectNoSecret(page);
    expect(page).not.toContain('canary');
  });

  it('the API documentation contains no secret', async () => {
    for (const path of ['/openapi.json', '/docs']) {
      const response = await fetch(`${baseUrl}${path}`);
      expect(response.status).toBe(200);
      expectNoSecret(await response.text());
    }
  });

  it('error responses contain no secret', () => {
    expect(errors.length).toBeGreaterThan(10);
    expectNoSecret(errors.join('\n'));
  });

  // This test is the last one because it stops the server, which then sends its remaining spans.
  it('traces contain no secret', async () => {
    await server.stop();

    expect(collector.spans.length).toBeGreaterThan(20);
    // The server authenticates to the collector with this header.
    const spans = collector.text.replaceAll(`"authorization":"Bearer ${COLLECTOR_TOKEN}"`, '');
    expectNoSecret(spans);
    expect(spans).not.toContain('canary');
    expectNoSecret(server.stdout);
    expectNoSecret(server.stderr);
  });
});
