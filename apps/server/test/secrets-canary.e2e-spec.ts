import { hash } from 'node:crypto';
import { ACCESS_RIGHTS, allows, type AccessRight } from '../src/access/access-right.ts';
import { hashToken, newClientSecret } from '../src/crypto/token.ts';
import { Routes, type DescribedRoute } from '../src/http/routes.ts';
import { logOf } from './support/audit.ts';
import { newKey } from './support/command.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';
import { send as sendRaw, type RawRequest } from './support/http.ts';
import { MINIMAL, registerPath } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import {
  ACCESS_TOKEN,
  pathOf as registrationPath,
  SERVICE_ID,
  startServer,
  type Registered,
} from './support/server.ts';

const CHOSEN = 'canary secret that a person chose';
const IMPORTED = 'canary-hash-of-an-imported-secret';
/** A hash that calls bring. */
const GIVEN_HASH = hash('sha256', CHOSEN, 'hex');

interface Caller {
  readonly right: AccessRight;
  readonly headers: Record<string, string>;
  /** The client that only this caller calls, because some calls change it. */
  readonly client: Registered;
  /** The secrets of the client in the clear, the current one first. */
  readonly secrets: readonly string[];
}

interface Exchange {
  readonly caller: Caller;
  readonly call: string;
  /** The headers and the body of the response. */
  readonly text: string;
}

/** Calls every route as callers with one right each. The client of each caller has known secrets. */
describe('client secrets', () => {
  let store: PersistentStore;
  let settings: Record<string, string>;
  let server: ServerProcess;
  let baseUrl: string;
  let routes: readonly DescribedRoute[];
  const callers: Caller[] = [];
  const exchanges: Exchange[] = [];
  /** Responses to calls with the registration access token of the client. */
  const own: Exchange[] = [];
  /** The metrics after all calls. */
  let metrics: string;

  beforeAll(async () => {
    store = await newPersistentStore();
    settings = {
      ...store.environment,
      ENCRYPTION_KEY: newKey(),
      AUTO_MIGRATE: 'true',
      TRUSTED_PROXIES: '127.0.0.1',
    };
    await prepare();
    server = new ServerProcess({ ...settings, LOG_LEVEL: 'trace' });
    baseUrl = await server.listening();
    for (const caller of callers) await callEverything(caller);
    metrics = await (await fetch(`${baseUrl}/metrics`)).text();
    await server.stop();
  });

  afterAll(async () => {
    await server.stop('SIGKILL');
    await store.drop();
  });

  /** Creates a caller for each right, with a client that has a current, a previous and an expired secret. */
  const prepare = async (): Promise<void> => {
    const app = await startServer(settings);
    routes = app.app.get(Routes).described;
    for (const right of ACCESS_RIGHTS) {
      const client = await app.register(MINIMAL);
      const createdAt = Date.now();
      const secrets = [newClientSecret(), `${CHOSEN} for ${right}`, newClientSecret()];
      const [current = '', previous = '', expired = ''] = secrets;
      await app.amend(client.clientId, {
        credentials: {
          registrationAccessToken: { hash: hashToken(client.token) },
          secrets: [
            { id: 1, value: expired, generated: true, createdAt, expiresAt: createdAt },
            { id: 2, value: `${IMPORTED} ${right}`, scheme: 'bcrypt', generated: false, createdAt },
            { id: 3, value: previous, generated: false, createdAt, expiresAt: createdAt + 3_600_000 },
            { id: 4, value: current, generated: true, createdAt },
          ],
        },
      });
      callers.push({ right, headers: await app.callerWith(right), client, secrets });
    }
    await app.close();
  };

  const callEverything = async (caller: Caller): Promise<void> => {
    const { client, headers, secrets } = caller;
    const call = async (request: RawRequest, collected = exchanges): Promise<void> => {
      const { text, headers: responseHeaders } = await sendRaw(baseUrl, request);
      const name = `${request.method ?? ''} ${request.path}`;
      collected.push({ caller, call: name, text: JSON.stringify(responseHeaders) + text });
    };
    const json = { 'content-type': 'application/json' };
    const { clientId, token } = client;
    const ofClient = { authorization: `Bearer ${token}` };
    const body = JSON.stringify({ clientId, token });
    await call({ method: 'GET', path: registerPath(clientId), headers: ofClient }, own);
    await call({ method: 'POST', path: registrationPath('get'), headers: { ...headers, ...json }, body }, own);
    const other = callers.find((each) => each !== caller)?.client.clientId;
    await call({ method: 'GET', path: registerPath(other), headers: ofClient });
    // The response quotes the wrong identifier to its sender, but the log must not have it.
    await call({ method: 'GET', path: `/api/${SERVICE_ID}/client/get/${secrets[0] ?? ''}`, headers }, []);
    const chosen = encodeURIComponent(secrets[1] ?? '');
    for (const path of [
      `/${chosen}`,
      `/api/${chosen}/client/get/${chosen}`,
      `/connect/${SERVICE_ID}/${chosen}?${chosen}`,
    ])
      await call({ method: 'GET', path, headers: { ...headers, 'x-forwarded-for': CHOSEN } }, []);
    // Calls that delete come last.
    const ordered = routes.toSorted((one, other) => Number(isDelete(one)) - Number(isDelete(other)));
    for (const route of ordered) {
      const { method } = route;
      const path = pathOf(route, client);
      for (const body of bodiesOf(route, client, secrets)) {
        const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
        const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
        // The other callers need the service.
        const condition = path.endsWith('/service/delete') ? { 'if-match': '"none"' } : {};
        await call({ method, path, body: text, headers: { ...headers, ...json, ...length, ...condition } });
        await call({ method, path, body: text, headers: { ...json, ...length } });
      }
      if (method === 'GET') await call({ method: 'HEAD', path, headers });
    }
  };

  const isDelete = ({ method, path }: DescribedRoute) => method === 'DELETE' || path.includes('/delete');

  const pathOf = ({ path }: DescribedRoute, { clientId }: Registered) =>
    path
      .replace(':serviceId', String(SERVICE_ID))
      .replace(/:client\w*/, String(clientId))
      .replace(/:\w+/g, '1');

  /** The example of a body with the client, and bodies that have its secret where it belongs and where it does not. */
  function bodiesOf(
    { method, description: { body } }: DescribedRoute,
    { clientId }: Registered,
    [current = '', previous = '']: readonly string[],
  ): readonly unknown[] {
    if (['GET', 'DELETE'].includes(method)) return [undefined];
    const client_id = String(clientId);
    const json = (members: object) => JSON.stringify({ ...MINIMAL, client_id, ...members });
    const example: object = body?.example ?? {};
    return [
      'clientId' in example ? { ...example, clientId: client_id } : example,
      { ...example, clientId: client_id, clientSecret: current, json: json({ client_secret: current }) },
      {
        ...example,
        clientId: client_id,
        clientSecret: previous,
        token: current,
        json: json({ client_secret: previous }),
      },
      { ...MINIMAL, client_id, client_secret: current, client_name: 1 },
      { ...example, clientSecretHash: `sha256-hex:${GIVEN_HASH}` },
      { ...example, clientSecretHash: IMPORTED },
      { [current]: current, clientId: { [previous]: previous } },
      `{"client_secret":"${current}`,
    ];
  }

  it('are in no response without the right VIEW_CLIENT_SECRET', () => {
    expect(exchanges.length).toBeGreaterThan(1000);
    for (const { caller, call, text } of exchanges) {
      if (allows([caller.right], 'VIEW_CLIENT_SECRET')) continue;
      const { right } = caller;
      const shown = caller.secrets.filter((secret) => text.includes(secret));
      expect({ right, call, shown }).toEqual({ right, call, shown: [] });
    }
  });

  /** The generated secrets and tokens that calls issued to a client, with the caller. */
  const issued = () =>
    exchanges.flatMap(({ caller, text }) =>
      Array.from(text.matchAll(/"(?:newClientSecret|registrationAccessToken)":"([\w-]{43,})"/g), ([, value = '']) => ({
        caller,
        value,
      })),
    );

  it('that calls issue are only in responses to their callers, who have the right MODIFY_CLIENT', () => {
    const issuers = new Set(issued().map(({ caller }) => caller.right));
    expect([...issuers]).toEqual(ACCESS_RIGHTS.filter((right) => allows([right], 'MODIFY_CLIENT')));
    for (const { caller, value } of issued()) {
      const others = exchanges.filter((exchange) => exchange.caller !== caller && exchange.text.includes(value));
      expect(others.map(({ call }) => call)).toEqual([]);
    }
  });

  it('are in no response to a caller without a token, which has the same calls', () => {
    const anonymous = exchanges.filter(({ text }) => text.includes('A001202'));
    expect(anonymous.length).toBeGreaterThan(100);
    for (const { caller, call, text } of anonymous)
      expect({ call, shown: caller.secrets.some((secret) => text.includes(secret)) }).toEqual({ call, shown: false });
  });

  it('are returned by client/get to callers with both rights, so that this test finds them', () => {
    const showing = new Set(
      exchanges
        .filter(({ caller, call, text }) => call.includes('/client/get/') && text.includes(caller.secrets[0] ?? ''))
        .map(({ caller }) => caller.right),
    );
    expect([...showing]).toEqual(
      ACCESS_RIGHTS.filter((right) => allows([right], 'VIEW_CLIENT') && allows([right], 'VIEW_CLIENT_SECRET')),
    );
  });

  it('are returned to the client itself: the current one, and on the API only to a caller with the right USE_SERVICE', () => {
    for (const { caller, call, text } of own) {
      const { right, secrets } = caller;
      const shown = secrets.filter((secret) => text.includes(secret));
      const may = call.includes('/connect/') || allows([right], 'USE_SERVICE');
      expect({ right, call, shown }).toEqual({ right, call, shown: may ? [secrets[0]] : [] });
    }
  });

  it('have their digests only in responses to callers with the right VERIFY_CLIENT_SECRET', () => {
    const showing = new Set(
      exchanges
        .filter(({ caller, text }) => text.includes(hashToken(caller.secrets[0] ?? '')))
        .map(({ caller }) => caller.right),
    );
    expect([...showing]).toEqual(
      ACCESS_RIGHTS.filter((right) => allows([right], 'VIEW_CLIENT') && allows([right], 'VERIFY_CLIENT_SECRET')),
    );
  });

  it('that are expired, hashed or not of the client of the call, digests of chosen ones, and tokens are in no response', () => {
    for (const { caller, call, text } of exchanges) {
      const never = [
        IMPORTED,
        GIVEN_HASH,
        ACCESS_TOKEN,
        caller.secrets[2] ?? '',
        hashToken(caller.secrets[1] ?? ''),
        hashToken(caller.secrets[2] ?? ''),
        hashToken(caller.client.token),
        ...callers.flatMap(({ headers, client }) => [headers.authorization?.slice(7) ?? '', client.token]),
        ...callers.filter((other) => other !== caller).flatMap(({ secrets }) => secrets),
      ];
      const shown = never.filter((secret) => text.includes(secret));
      expect({ right: caller.right, call, shown }).toEqual({ right: caller.right, call, shown: [] });
    }
  });

  /** The secrets of all clients and all tokens. */
  const everything = () => [
    CHOSEN,
    encodeURIComponent(CHOSEN),
    IMPORTED,
    GIVEN_HASH,
    ACCESS_TOKEN,
    ...issued().map(({ value }) => value),
    ...callers.flatMap(({ secrets, client, headers }) => [
      ...secrets,
      ...secrets.map(hashToken),
      client.token,
      hashToken(client.token),
      headers.authorization?.slice('Bearer '.length) ?? '',
    ]),
  ];

  it('are not in the log at level trace, and not in the metrics', () => {
    expect(server.stdout).toContain('"level":20');
    expect(server.stdout.split('request completed').length).toBeGreaterThan(1000);
    expect(metrics).toContain('clientele_http_requests_total{');
    for (const secret of everything())
      for (const output of [server.stdout, server.stderr, metrics]) expect(output).not.toContain(secret);
  });

  it('are not in the log of changes, which has who read them', async () => {
    const app = await startServer(settings);
    const entries = await logOf(app).entries();
    await app.close();
    const text = JSON.stringify(entries);

    for (const secret of everything()) expect(text).not.toContain(secret);
    const readers = new Set(
      entries
        .filter(({ action }) => action === 'client_secret.read')
        .map(({ subject }) => callers.find(({ client }) => String(client.clientId) === subject.id)?.right),
    );
    expect([...readers]).toEqual(
      ACCESS_RIGHTS.filter((right) => allows([right], 'VIEW_CLIENT') && allows([right], 'VIEW_CLIENT_SECRET')),
    );
  });
});
