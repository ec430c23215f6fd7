import fc from 'fast-check';
import { ACCESS_TOKEN, CLIENT, createClientele, fakeFetch, rejection, respond, type Step } from '../test/support.ts';
import type { Clients } from './clients.ts';
import type { ClientIdentifier } from './identifier.ts';
import type { ConditionOptions } from './options.ts';

const { jest } = import.meta;

const BASE = 'https://api.example/api/715948317/client';
const LOCK = { resultCode: 'A293001', resultMessage: '[A293001] The lock was changed.' };
const PAGE = { clients: [CLIENT], next: 'cursor' };
const PREVIEW = { outcome: 'changed', etag: '"v1"', differences: [{ member: 'client_secret' }] };
const NEW_SECRET = { resultCode: 'A148001', resultMessage: '', newClientSecret: 's', expiresAt: 0 };
const NEW_TOKEN = { resultCode: 'A001220', resultMessage: '', registrationAccessToken: 't' };
const VALIDITY = { etag: 'v1', maxAge: 60, staleIfError: 3600 };
const RESOLVED = { action: 'OK', ...VALIDITY, source: 'static', metadata: { client_id: 'app' }, secrets: [] };

type Call = (clients: Clients) => Promise<unknown>;

/** Makes a call with a fake fetch that takes these steps, and runs all timers until the call settles. */
async function run(call: Call, ...steps: Step[]) {
  const { fetch, sent } = fakeFetch(...steps);
  const settled = call(createClientele(fetch).clients).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  await jest.runAllTimersAsync();
  return { ...(await settled), sent };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const clientSecret = 's3cret';
const calls: [name: string, call: Call, request: [string, string, unknown?], response: unknown][] = [
  ['get', (clients) => clients.get('app'), ['GET', 'get/app'], CLIENT],
  [
    'resolve',
    (clients) => clients.resolve({ clientId: 904520, etag: 'v0' }),
    ['POST', 'resolve', { clientId: '904520', etag: 'v0' }],
    RESOLVED,
  ],
  ['resolve', (clients) => clients.resolve({ clientId: 'app' }), ['POST', 'resolve', { clientId: 'app' }], RESOLVED],
  ['create', (clients) => clients.create({ clientName: 'A' }), ['POST', 'create', { clientName: 'A' }], CLIENT],
  ['listPage', (clients) => clients.listPage(), ['GET', 'get/list?limit=100'], PAGE],
  [
    'update',
    (clients) => clients.update('app', { clientName: 'A' }),
    ['POST', 'update/app', { clientName: 'A' }],
    CLIENT,
  ],
  [
    'patch',
    (clients) => clients.patch('app', { clientName: null, extension: { accessTokenDuration: 60 } }),
    ['PATCH', 'update/app', { clientName: null, extension: { accessTokenDuration: 60 } }],
    CLIENT,
  ],
  [
    'preview',
    (clients) => clients.preview('app', { clientSecretHash: 'bcrypt:x' }),
    ['POST', 'preview/app', { clientSecretHash: 'bcrypt:x' }],
    PREVIEW,
  ],
  ['refreshSecret', (clients) => clients.refreshSecret('app'), ['POST', 'secret/refresh/app', {}], NEW_SECRET],
  [
    'refreshSecret',
    (clients) => clients.refreshSecret('app', { overlap: 3600, lifetime: undefined }),
    ['POST', 'secret/refresh/app', { overlap: 3600 }],
    NEW_SECRET,
  ],
  [
    'updateSecret',
    (clients) => clients.updateSecret('app', { clientSecret, lifetime: 0 }),
    ['POST', 'secret/update/app', { clientSecret, lifetime: 0 }],
    NEW_SECRET,
  ],
  [
    'refreshRegistrationAccessToken',
    (clients) => clients.refreshRegistrationAccessToken(904520),
    ['POST', 'registration_access_token/refresh/904520'],
    NEW_TOKEN,
  ],
  ['put', (clients) => clients.put('app', { clientSecret }), ['PUT', 'app', { clientSecret }], CLIENT],
  ['lock', (clients) => clients.lock(904520), ['POST', 'lock_flag/update/904520', { clientLocked: true }], LOCK],
  ['unlock', (clients) => clients.unlock('app'), ['POST', 'lock_flag/update/app', { clientLocked: false }], LOCK],
  ['delete', (clients) => clients.delete('app'), ['DELETE', 'delete/app'], undefined],
  [
    'verifySecret',
    (clients) => clients.verifySecret({ clientId: 'app', clientSecret }),
    ['POST', 'secret/verify/app', { clientSecret }],
    { action: 'OK', expiresAt: 0 },
  ],
];

/** A response of the API; an undefined body is an empty response with status 204. */
function success(body: unknown): Response {
  return body === undefined ? respond(204, null) : respond(200, body);
}

describe('the calls', () => {
  it.each(calls)('%s sends one request and returns its response', async (_, call, [method, path, body], response) => {
    const { result, sent } = await run(call, success(response));
    expect(result).toEqual(response);
    expect(sent.map(({ url, init, body }) => [init.method, url, body])).toEqual([[method, `${BASE}/${path}`, body]]);
    expect(Object.fromEntries(sent[0]!.headers)).toEqual({
      authorization: `Bearer ${ACCESS_TOKEN}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    });
  });

  it.each(calls)('%s rejects with an ApiError if the status is not 2xx', async (_, call) => {
    const body = { resultCode: 'A001101', resultMessage: '[A001101] No.' };
    for (const status of [400, 401, 403, 404, 409, 412]) {
      const { error, sent } = await run(call, respond(status, body));
      expect(error).toMatchObject({ name: 'ApiError', status, resultCode: 'A001101', attempts: 1 });
      expect(sent).toHaveLength(1);
    }
  });

  it.each(calls)('%s is retried after a 503 that says that nothing was changed', async (_, call, __, response) => {
    const { result, sent } = await run(call, respond(503, { resultCode: 'A001102' }), success(response));
    expect(result).toEqual(response);
    expect(new Set(sent.map(({ init }) => JSON.stringify([init.method, init.body]))).size).toBe(1);
  });

  it.each(calls)(
    '%s is retried after a broken connection only if it changes nothing',
    async (name, call, _, response) => {
      const reads = ['get', 'listPage', 'preview', 'resolve', 'verifySecret'];
      const { error, sent } = await run(call, new TypeError('fetch failed'), success(response));
      expect(sent).toHaveLength(reads.includes(name) ? 2 : 1);
      if (!reads.includes(name)) expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 });
    },
  );
});

describe('list', () => {
  const clientOf = (clientId: number) => ({ clientId });
  const collect =
    (...args: Parameters<Clients['list']>): Call =>
    async (clients) => {
      const all: unknown[] = [];
      for await (const client of clients.list(...args)) all.push(client);
      return all;
    };
  const queries = (sent: { url: string }[]) => sent.map(({ url }) => url.slice(url.indexOf('?') + 1));

  it('follows next to the end, also after a page without clients', async () => {
    const { result, sent } = await run(
      collect({ redirectHost: 'app.example' }, { pageSize: 2 }),
      respond(200, { clients: [clientOf(1), clientOf(2)], next: 'a=&b' }),
      respond(503, ''),
      respond(200, { clients: [], next: 'c' }),
      respond(200, { clients: [clientOf(3)] }),
    );
    expect(result).toEqual([1, 2, 3].map(clientOf));
    const filtered = 'limit=2&redirectHost=app.example';
    const second = `${filtered}&after=a%3D%26b`;
    expect(queries(sent)).toEqual([filtered, second, second, `${filtered}&after=c`]);
  });

  it('sends a request only when a page is needed', async () => {
    const { fetch, sent } = fakeFetch(respond(200, { clients: [clientOf(1), clientOf(2)], next: 'n' }));
    const list = createClientele(fetch).clients.list();
    expect(sent).toHaveLength(0);
    for await (const client of list) if (client.clientId === 2) break;
    expect(queries(sent)).toEqual(['limit=100']);
  });

  it('sends every filter as text', async () => {
    const filters = { identifier: 904520, clientName: 'Ä & b', attribute: 'a=b=c', locked: false, usedBefore: 5 };
    const { sent } = await run(collect({ ...filters, softwareId: undefined }), respond(200, { clients: [] }));
    const { searchParams } = new URL(sent[0]!.url);
    expect(Object.fromEntries(searchParams)).toEqual({
      limit: '100',
      identifier: '904520',
      clientName: 'Ä & b',
      attribute: 'a=b=c',
      locked: 'false',
      usedBefore: '5',
    });
  });

  it('rejects if a page fails, after the clients before it', async () => {
    const { fetch } = fakeFetch(respond(200, { clients: [clientOf(1)], next: 'n' }), respond(400, ''));
    const list = createClientele(fetch).clients.list();
    expect((await list.next()).value).toEqual(clientOf(1));
    expect(await rejection(list.next())).toMatchObject({ name: 'ApiError', status: 400 });
  });
});

it('requestable scopes are a list, undefined or deleted', async () => {
  const base = 'extension/requestable_scopes';
  const get: Call = (clients) => clients.getRequestableScopes('app');
  const set: Call = (clients) => clients.setRequestableScopes('app', ['a']);
  const remove: Call = (clients) => clients.deleteRequestableScopes('app');
  for (const [call, response, request, expected] of [
    [get, respond(200, { requestableScopes: [] }), ['GET', `get/app`, undefined], []],
    [get, respond(200, {}), ['GET', `get/app`, undefined], undefined],
    [set, respond(200, { requestableScopes: ['a'] }), ['POST', 'update/app', { requestableScopes: ['a'] }], ['a']],
    [remove, respond(204, null), ['DELETE', 'delete/app', undefined], undefined],
  ] as const) {
    const { result, error, sent } = await run(call, response);
    expect([result, error]).toEqual([expected, undefined]);
    const [method, path, body] = request;
    expect([sent[0]!.init.method, sent[0]!.url, sent[0]!.body]).toEqual([method, `${BASE}/${base}/${path}`, body]);
  }
});

describe('identifiers', () => {
  it('are one segment of the path, whatever characters they have', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), async (identifier) => {
        fc.pre(!/^\.{0,2}$/.test(identifier));
        const { sent } = await run((clients) => clients.get(identifier), respond(200, CLIENT));
        const { pathname, search, hash } = new URL(sent[0]!.url);
        const segments = pathname.split('/');
        expect([segments.length, decodeURIComponent(segments.at(-1)!), search, hash]).toEqual([6, identifier, '', '']);
      }),
    );
  });

  it.each(['', '.', '..', 0, -1, 1.5, Number.NaN, 2 ** 53])(
    '%p is refused before a request is sent',
    async (identifier) => {
      for (const call of [
        (clients: Clients) => clients.get(identifier),
        (clients: Clients) => clients.put(identifier, {}),
        (clients: Clients) => clients.lock(identifier),
        (clients: Clients) => clients.delete(identifier),
        (clients: Clients) => clients.verifySecret({ clientId: identifier, clientSecret }),
      ]) {
        const { error, sent } = await run(call);
        expect(error).toBeInstanceOf(TypeError);
        expect(sent).toHaveLength(0);
      }
    },
  );

  it('beyond 2^53 are strings of digits', async () => {
    const { sent } = await run((clients) => clients.get('9223372036854775807'), respond(200, CLIENT));
    expect(sent[0]!.url).toBe(`${BASE}/get/9223372036854775807`);
  });
});

describe('conditions', () => {
  it('are headers of put and delete', async () => {
    const put = await run((clients) => clients.put('app', {}, { ifMatch: '"v1"' }), respond(200, CLIENT));
    expect(put.sent[0]!.headers.get('if-match')).toBe('"v1"');
    const created = await run((clients) => clients.put('app', {}, { ifNoneMatch: '*' }), respond(200, CLIENT));
    expect(created.sent[0]!.headers.get('if-none-match')).toBe('*');
    expect(created.sent[0]!.headers.has('if-match')).toBe(false);
    const deleted = await run((clients) => clients.delete('app', { ifMatch: 'W/"v1"' }), respond(204, null));
    expect(deleted.sent[0]!.headers.get('if-match')).toBe('W/"v1"');
  });

  it('are headers of update and patch', async () => {
    for (const call of [
      (clients: Clients) => clients.update('app', {}, { ifMatch: '"v1"' }),
      (clients: Clients) => clients.patch('app', {}, { ifMatch: '"v1"' }),
    ]) {
      const { sent } = await run(call, respond(200, CLIENT));
      expect(sent[0]!.headers.get('if-match')).toBe('"v1"');
    }
  });

  it.each([undefined, null, '', 'a b', '"\n"'])(
    '%p is refused, because the change would have no condition',
    async (ifMatch) => {
      const { error, sent } = await run((clients) => clients.put('app', {}, { ifMatch } as ConditionOptions));
      expect(error).toBeInstanceOf(TypeError);
      expect(sent).toHaveLength(0);
    },
  );

  it('is not lost if its name is misspelt', async () => {
    const { error, sent } = await run((clients) => clients.put('app', {}, { ifmatch: '"v1"' } as ConditionOptions));
    expect(error).toEqual(new TypeError('The option ifmatch does not exist.'));
    expect(sent).toHaveLength(0);
  });
});

describe('withResponse', () => {
  it('returns the result with the status and headers of the response', async () => {
    const { fetch } = fakeFetch(respond(200, CLIENT, { ETag: '"v7"' }), respond(204, null));
    const { clients } = createClientele(fetch);
    const { data, response } = await clients.get(904520).withResponse();
    expect(data).toEqual(CLIENT);
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"v7"']);
    expect(await clients.delete(904520).withResponse()).toMatchObject({ data: undefined, response: { status: 204 } });
  });

  it('rejects with the error of the call, once', async () => {
    const { fetch } = fakeFetch(respond(404, ''));
    const promise = createClientele(fetch).clients.get(904520);
    const errors = [await rejection(promise.withResponse()), await rejection(promise)];
    expect(errors[0]).toMatchObject({ name: 'ApiError', status: 404 });
    expect(errors[1]).toBe(errors[0]);
  });

  it('leaves no unhandled rejection', async () => {
    jest.useRealTimers();
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const { fetch } = fakeFetch(respond(404, ''), respond(404, ''));
    const { clients } = createClientele(fetch);
    await rejection(clients.get(1).withResponse());
    await rejection(clients.get(1));
    // Unhandled rejections are reported after the microtasks of a turn.
    await new Promise(setImmediate);
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('works for registrations', async () => {
    const { fetch } = fakeFetch(respond(200, { resultCode: 'A', resultMessage: '', action: 'NEW' }, { 'X-A': '1' }));
    const promise = createClientele(fetch).registration.get({ clientId: 1, token: 't' });
    const { data, response } = await promise.withResponse();
    expect([data.action, response.headers.get('x-a')]).toEqual(['NEW', '1']);
  });
});

describe('responses', () => {
  const resolve: Call = (clients) => clients.resolve({ clientId: 'app' });
  const verifySecret: Call = (clients) => clients.verifySecret({ clientId: 'app', clientSecret });

  it.each([
    { action: 'NOT_MODIFIED', ...VALIDITY },
    { action: 'NOT_FOUND' },
    { action: 'LOCKED' },
    { action: 'UNAVAILABLE', retryAfter: 5 },
    { action: 'MOVED', target: ['unknown'] },
    { ...RESOLVED, secrets: [{ createdAt: 1, expiresAt: 0 }], extra: 1 },
  ])('of resolve keep their members: %p', async (body) => {
    expect((await run(resolve, respond(200, body))).result).toEqual(body);
  });

  it.each([{ action: 'INVALID' }, { action: 'NOT_FOUND' }, { action: 'LOCKED' }, { action: 'EXPIRED', at: 5 }])(
    'of verifySecret keep their members: %p',
    async (body) => {
      expect((await run(verifySecret, respond(200, body))).result).toEqual(body);
    },
  );

  it.each<[string, Call, unknown[]]>([
    ['get', (clients) => clients.get('app'), ['', '<html>', [], {}, { clientId: 'x' }]],
    ['lock', (clients) => clients.lock('app'), ['', {}, { resultCode: 1, resultMessage: '' }]],
    [
      'resolve',
      resolve,
      [
        '',
        {},
        { action: 5 },
        { action: 'NOT_MODIFIED' },
        { action: 'UNAVAILABLE' },
        ...['etag', 'maxAge', 'staleIfError', 'source', 'metadata'].map((name) => ({ ...RESOLVED, [name]: undefined })),
        { ...RESOLVED, metadata: {} },
        { ...RESOLVED, secrets: 'x' },
        { ...RESOLVED, secrets: [{ sha256: 'x' }] },
      ],
    ],
    ['verifySecret', verifySecret, ['', {}, { action: 'OK' }]],
    [
      'listPage',
      (clients) => clients.listPage({ after: 'x' }),
      ['', {}, { clients: {} }, { clients: [{}] }, { clients: [1] }, { clients: [], next: 5 }],
    ],
    [
      'preview',
      (clients) => clients.preview('app', {}),
      ['', {}, { outcome: 'changed' }, { ...PREVIEW, etag: 1 }, { ...PREVIEW, differences: [{}] }],
    ],
    ['refreshSecret', (clients) => clients.refreshSecret('app'), ['', {}, { ...NEW_SECRET, newClientSecret: 1 }]],
    ['refreshRegistrationAccessToken', (clients) => clients.refreshRegistrationAccessToken('app'), ['', {}]],
    ['getRequestableScopes', (clients) => clients.getRequestableScopes('app'), ['', { requestableScopes: [1] }]],
  ])('of %s that lack a member are an ApiError', async (_, call, bodies) => {
    for (const body of bodies) {
      const { error } = await run(call, respond(200, body));
      expect(error).toMatchObject({ name: 'ApiError', status: 200 });
    }
  });
});

it('a secret is in no error', async () => {
  const identifiers: ClientIdentifier[] = ['app', '..'];
  for (const clientId of identifiers) {
    const { error } = await run(
      (clients) => clients.verifySecret({ clientId, clientSecret }),
      respond(400, clientSecret),
    );
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(clientSecret);
  }
});
