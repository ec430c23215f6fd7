import { setImmediate } from 'node:timers/promises';
import type { ClientImpact, ImpactProgress } from '@clientele/model/decision';
import { ServiceImpact } from '../src/administration/services/service-impact.ts';
import { RequestGate } from '../src/http/request-gate.ts';
import { logOf } from './support/audit.ts';
import { clientCallsOf } from './support/client-calls.ts';
import { endlessClients } from './support/endless-clients.ts';
import { HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

let server: TestServer;
let dynamic: Registered;
let unaffected: Registered;
let staticId: number;

const SCOPES = { supportedScopes: [{ name: 'a' }, { name: 'b' }] };
const NARROWER = { unsupportedValues: 'NARROW', supportedScopes: [{ name: 'a' }] };
const REDIRECT = { redirect_uris: ['https://client.example/cb'] };

const calls = clientCallsOf(() => server);
const request = (method: string, operation: string, body?: object, signal?: AbortSignal) =>
  fetch(`${server.baseUrl}/api/${SERVICE_ID}/service/${operation}`, {
    method,
    headers: HEADERS,
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
const impact = (patch: object, signal?: AbortSignal) => request('POST', 'impact', patch, signal);

async function linesOf(response: Response): Promise<(ClientImpact | ImpactProgress)[]> {
  const lines = (await response.text()).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as ClientImpact | ImpactProgress);
}

beforeAll(async () => {
  server = await startServer();
  expect((await request('PATCH', 'update', SCOPES)).status).toBe(200);
  dynamic = await server.register({ ...REDIRECT, client_name: 'Dynamic', scope: 'a b' });
  unaffected = await server.register({ ...REDIRECT, scope: 'a' });
  const created = await calls.put('static-client', {
    clientName: 'Static',
    clientIdAlias: 'an-alias',
    redirectUris: REDIRECT.redirect_uris,
    extension: { requestableScopes: ['b'], requestableScopesEnabled: false },
  });
  staticId = created.body.clientId;
});

afterAll(() => server.close());

describe('service/impact', () => {
  it('lists the clients that a change would affect, counts them, and changes nothing', async () => {
    const before = await (await request('GET', 'get')).text();
    const stored = await server.storedClients();
    const log = await logOf(server).entries();

    const response = await impact(NARROWER);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = await linesOf(response);
    expect(lines).toEqual([
      {
        clientId: dynamic.clientId,
        clientName: 'Dynamic',
        effect: 'NARROWED',
        differences: [{ member: 'scope', before: 'a b', after: 'a' }],
      },
      {
        clientId: staticId,
        canonicalClientId: 'static-client',
        clientIdAlias: 'an-alias',
        clientName: 'Static',
        effect: 'REFUSED',
        findings: [expect.objectContaining({ rule: 'value-supported', members: ['scope'] }) as object],
      },
      { checked: 3, refused: 1, narrowed: 1, done: true },
    ]);
    expect(lines.map((line) => 'clientId' in line && line.clientId)).not.toContain(unaffected.clientId);
    expect(await (await request('GET', 'get')).text()).toBe(before);
    expect(await server.storedClients()).toEqual(stored);
    expect(await logOf(server).entries()).toEqual(log);
  });

  it('finds clients whose software_id another client has', async () => {
    const twins = [await server.register({ software_id: 'twin' }), await server.register({ software_id: 'twin' })];
    await server.register({ software_id: 'single' });

    const lines = await linesOf(await impact({ dcrDuplicateSoftwareIdBlocked: true }));

    expect(lines.slice(0, -1)).toMatchObject(
      twins.map(({ clientId }) => ({ clientId, effect: 'REFUSED', findings: [{ rule: 'software-id-unique' }] })),
    );
  });

  it.each([
    [{ supportedScopes: 'a' }, 'supportedScopes'],
    [{ supportedScope: [1] }, 'supportedScopes'],
    [{ apiKey: 1 }, 'apiKey'],
  ])('refuses the patch %j as the call that applies it', async (patch, name) => {
    const response = await impact(patch);
    const applied = await request('PATCH', 'update', patch);

    expect(response.status).toBe(400);
    const body = (await response.json()) as { resultMessage: string };
    expect(body).toEqual(await applied.json());
    expect(body.resultMessage).toContain(name);
  });

  it('runs once at a time for a service, and ends when the caller disconnects', async () => {
    let reads = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const end = endlessClients(server, async () => {
      reads += 1;
      if (reads === 50) await held;
    });
    const caller = new AbortController();
    expect((await impact(NARROWER, caller.signal)).status).toBe(200);

    const refused = await impact(NARROWER);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ resultCode: 'A001104' });

    while (reads < 50) await setImmediate();
    const { load } = server.app.get(RequestGate);
    const connections = load.connections();
    caller.abort();
    while (load.connections() === connections) await setImmediate();
    release();
    for (let turn = 0; turn < 100; turn++) await setImmediate();
    expect(reads).toBe(50);
    end();
    expect((await linesOf(await impact(NARROWER))).at(-1)).toMatchObject({ done: true });
  });

  it('ends without its last line when the server stops', async () => {
    const end = endlessClients(server);
    const response = await impact(NARROWER);

    server.app.get(ServiceImpact).onModuleDestroy();

    await expect(response.text()).rejects.toThrow();
    end();
  });
});
