import { createClientele, fakeFetch, rejection, respond, type Step } from '../test/support.ts';
import type { Clientele } from './client.ts';
import type { ClienteleOptions, ConditionOptions } from './options.ts';

const { jest } = import.meta;

const API = 'https://api.example/api';
const SERVICE = { apiKey: 7, serviceName: 'Mine', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' };
const PAGE = { start: 0, end: 1, totalCount: 1, services: [SERVICE] };
const ACCESS_TOKEN = { id: 'a1b2', accessRights: ['ADMIN'], createdAt: 1, createdBy: { type: 'api_access_token' } };
const CREATED = { ...ACCESS_TOKEN, apiAccessToken: 'secret' };
const INITIAL_TOKEN = { id: 5, createdAt: 1, expiresAt: 2, uses: 1, usesLeft: 1 };
const CREATED_INITIAL = { ...INITIAL_TOKEN, initialAccessToken: 'secret' };

type Call = (clientele: Clientele) => Promise<unknown>;

/** Makes a call with a fake fetch that takes these steps, and runs all timers until the call settles. */
async function run(call: Call, steps: Step[], options?: Partial<ClienteleOptions>) {
  const { fetch, sent } = fakeFetch(...steps);
  const settled = call(createClientele(fetch, options)).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  await jest.runAllTimersAsync();
  return { ...(await settled), sent };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A response of the API; an undefined body is an empty response with status 204. */
function success(body: unknown): Response {
  return body === undefined ? respond(204, null) : respond(200, body);
}

const token = { accessRights: ['ADMIN'], label: 'A', expiresIn: 60 };
/** A call, its request, its response, bodies that are no response, and its result if it is not the body. */
type Row = [name: string, Call, request: [string, string, unknown?], body: unknown, wrong: unknown[], result?: unknown];
const ofServices: Row[] = [
  [
    'services.create',
    ({ services }) => services.create({ serviceName: 'Mine', tokenEndpoint: SERVICE.tokenEndpoint }),
    ['POST', 'service/create', { serviceName: 'Mine', tokenEndpoint: SERVICE.tokenEndpoint }],
    SERVICE,
    [{}],
  ],
  [
    'services.listPage',
    ({ services }) => services.listPage({ start: 5, end: 6 }),
    ['GET', 'service/get/list?start=5&end=6'],
    PAGE,
    [
      { ...PAGE, end: undefined },
      { ...PAGE, totalCount: '1' },
      { ...PAGE, services: [{}] },
      { end: 0, totalCount: 0 },
    ],
  ],
  ['services.get', ({ services }) => services.get(7), ['GET', '7/service/get'], SERVICE, [[], { apiKey: '7' }]],
  [
    'services.update',
    ({ services }) => services.update('7', SERVICE),
    ['POST', '7/service/update', SERVICE],
    SERVICE,
    [{}],
  ],
  [
    'services.patch',
    ({ services }) => services.patch(7, { serviceName: 'B', supportedAcrs: null, tokenEndpoint: null }),
    ['PATCH', '7/service/update', { serviceName: 'B', supportedAcrs: null, tokenEndpoint: null }],
    SERVICE,
    [{}],
  ],
  ['services.delete', ({ services }) => services.delete(7), ['DELETE', '7/service/delete'], undefined, []],
  [
    'services.configuration',
    ({ services }) => services.configuration(7),
    ['GET', '7/service/configuration'],
    { issuer: 'https://as.example' },
    [[]],
  ],
  [
    'services.jwks',
    ({ services }) => services.jwks(7),
    ['GET', '7/service/jwks/get'],
    { keys: [] },
    [{}, { keys: [1] }],
  ],
  [
    'services.accessTokens.create',
    ({ services }) => services.accessTokens.create(token),
    ['POST', 'api_access_token/create', token],
    CREATED,
    [ACCESS_TOKEN],
  ],
  [
    'services.accessTokens.list',
    ({ services }) => services.accessTokens.list(),
    ['GET', 'api_access_token/get/list'],
    { apiAccessTokens: [ACCESS_TOKEN] },
    [{}],
    [ACCESS_TOKEN],
  ],
  [
    'services.accessTokens.delete',
    ({ services }) => services.accessTokens.delete('a1b2'),
    ['DELETE', 'api_access_token/delete/a1b2'],
    undefined,
    [],
  ],
];
const ofOneService: Row[] = [
  [
    'accessTokens.create',
    ({ accessTokens }) => accessTokens.create(token),
    ['POST', 'api_access_token/create', token],
    CREATED,
    [{}, ACCESS_TOKEN, { ...CREATED, id: 1 }],
  ],
  [
    'accessTokens.list',
    ({ accessTokens }) => accessTokens.list(),
    ['GET', 'api_access_token/get/list'],
    { apiAccessTokens: [ACCESS_TOKEN] },
    [{}, { apiAccessTokens: [{ id: 1 }] }],
    [ACCESS_TOKEN],
  ],
  [
    'accessTokens.delete',
    ({ accessTokens }) => accessTokens.delete('a/b'),
    ['DELETE', 'api_access_token/delete/a%2Fb'],
    undefined,
    [],
  ],
  [
    'initialAccessTokens.create',
    ({ initialAccessTokens }) => initialAccessTokens.create({ uses: 2 }),
    ['POST', 'initial_access_token/create', { uses: 2 }],
    CREATED_INITIAL,
    [{}, INITIAL_TOKEN, { ...CREATED_INITIAL, id: '5' }],
  ],
  [
    'initialAccessTokens.create without settings',
    ({ initialAccessTokens }) => initialAccessTokens.create(),
    ['POST', 'initial_access_token/create', {}],
    CREATED_INITIAL,
    [],
  ],
  [
    'initialAccessTokens.listPage',
    ({ initialAccessTokens }) => initialAccessTokens.listPage({ after: 4 }),
    ['GET', 'initial_access_token/get/list?limit=100&after=4'],
    { initialAccessTokens: [INITIAL_TOKEN], next: 5 },
    [{}, { initialAccessTokens: [{}] }, { initialAccessTokens: [], next: '5' }],
  ],
  [
    'initialAccessTokens.delete',
    ({ initialAccessTokens }) => initialAccessTokens.delete(5),
    ['DELETE', 'initial_access_token/delete/5'],
    undefined,
    [],
  ],
];

/** Each row after the base of its path. */
const all: [base: string, ...Row][] = [
  ...ofServices.map((row): [string, ...Row] => ['', ...row]),
  ...ofOneService.map((row): [string, ...Row] => ['715948317/', ...row]),
];

describe('services and tokens', () => {
  it.each(all)('%s%s sends one request and returns its response', async (...row) => {
    const [base, , call, [method, path, sentBody], body, , result = body] = row;
    const done = await run(call, [success(body)]);
    expect([done.result, done.error]).toEqual([result, undefined]);
    expect(done.sent.map(({ url, init, body }) => [init.method, url, body])).toEqual([
      [method, `${API}/${base}${path}`, sentBody],
    ]);
  });

  it.each(all)('%s%s refuses a response of another form', async (_, __, call, ___, ____, wrong) => {
    for (const body of wrong) {
      const { error } = await run(call, [respond(200, body)]);
      expect(error).toMatchObject({ name: 'ApiError', status: 200 });
      expect(String(error)).not.toContain('secret');
    }
  });

  it.each(all)('%s%s is retried after a broken connection only if it changes nothing', async (...row) => {
    const [, , call, [method], body] = row;
    const { error, sent } = await run(call, [new TypeError('fetch failed'), success(body)]);
    expect(sent).toHaveLength(method === 'GET' ? 2 : 1);
    if (method !== 'GET') expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 });
  });

  it.each(ofServices)('%s works without the option serviceId', async (_, call, __, body) => {
    const { error, sent } = await run(call, [success(body)], { serviceId: undefined });
    expect([error, sent.length]).toEqual([undefined, 1]);
  });

  it.each([
    ...ofOneService.map(([name, call]) => [name, call] as const),
    ['clients.get', ({ clients }: Clientele) => clients.get(1)] as const,
    ['registration.get', (clientele: Clientele) => clientele.registration.get({ clientId: 1, token: 't' })] as const,
  ])('%s rejects without the option serviceId', async (_, call) => {
    const { error, sent } = await run(call, [], { serviceId: undefined });
    expect(error).toEqual(new TypeError('serviceId is missing in the options of Clientele.'));
    expect(sent).toHaveLength(0);
  });

  it.each(['', '..', 'a/b', 0, -1, 1.5, 2 ** 53])('the service %p is refused before a request is sent', async (id) => {
    for (const call of [
      ({ services }: Clientele) => services.get(id),
      ({ services }: Clientele) => services.patch(id, {}),
      ({ services }: Clientele) => services.delete(id),
    ]) {
      const { error, sent } = await run(call, []);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain('serviceId must be');
      expect(sent).toHaveLength(0);
    }
  });

  it('a condition is a header of update, patch and delete', async () => {
    for (const [call, response] of [
      [({ services }: Clientele, condition: ConditionOptions) => services.update(7, {}, condition), SERVICE],
      [({ services }: Clientele, condition: ConditionOptions) => services.patch(7, {}, condition), SERVICE],
      [({ services }: Clientele, condition: ConditionOptions) => services.delete(7, condition), undefined],
    ] as const) {
      const { sent } = await run((clientele) => call(clientele, { ifMatch: '"v1"' }), [success(response)]);
      expect(sent[0]!.headers.get('if-match')).toBe('"v1"');
      const { error } = await run((clientele) => call(clientele, { ifMatch: null }), []);
      expect(error).toBeInstanceOf(TypeError);
    }
  });
});

describe('lists', () => {
  const collected = async (list: AsyncIterable<unknown>) => {
    const all: unknown[] = [];
    for await (const element of list) all.push(element);
    return all;
  };
  const queries = (sent: { url: string }[]) => sent.map(({ url }) => url.slice(url.indexOf('?') + 1));

  it('services.list follows the indexes to the end', async () => {
    const page = (start: number, end: number) =>
      respond(200, { start, end, totalCount: 3, services: [{ apiKey: start + 1 }] });
    const { result, sent } = await run(({ services }) => collected(services.list()), [page(0, 2), page(2, 3)]);
    expect(result).toEqual([{ apiKey: 1 }, { apiKey: 3 }]);
    expect(queries(sent)).toEqual(['start=0&end=100', 'start=2&end=102']);
  });

  it('services.list ends if the last services were deleted meanwhile', async () => {
    const { result } = await run(
      ({ services }) => collected(services.list()),
      [
        respond(200, { start: 0, end: 1, totalCount: 2, services: [SERVICE] }),
        respond(200, { start: 1, end: 1, totalCount: 2, services: [] }),
      ],
    );
    expect(result).toEqual([SERVICE]);
  });

  it('initialAccessTokens.list follows next to the end', async () => {
    const { result, sent } = await run(
      ({ initialAccessTokens }) => collected(initialAccessTokens.list({ pageSize: 1 })),
      [
        respond(200, { initialAccessTokens: [INITIAL_TOKEN], next: 5 }),
        respond(200, { initialAccessTokens: [{ ...INITIAL_TOKEN, id: 6 }] }),
      ],
    );
    expect(result).toEqual([INITIAL_TOKEN, { ...INITIAL_TOKEN, id: 6 }]);
    expect(queries(sent)).toEqual(['limit=1', 'limit=1&after=5']);
  });
});

it('the error of a list rejects while it is read', async () => {
  const { fetch } = fakeFetch(respond(403, ''));
  const list = createClientele(fetch, { serviceId: undefined }).services.list();
  expect(await rejection(list.next())).toMatchObject({ name: 'ApiError', status: 403 });
});
