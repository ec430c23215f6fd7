import fc from 'fast-check';
import { FakeSource, resolved } from '../../test/source.ts';
import { apiError, createClientele, fakeFetch, noResponse, rejection, respond, type Step } from '../../test/support.ts';
import { ConnectionError, TimeoutError } from '../errors.ts';
import type { ClientCacheOptions } from './cache-options.ts';
import { ClientCache } from './client-cache.ts';
import type { ResolvedClient } from './resolved-client.ts';

function create(options: ClientCacheOptions = {}) {
  const source = new FakeSource();
  return { source, cache: new ClientCache(source, { now: source.now, ...options }) };
}

const outages: [string, Error][] = [
  ['503', apiError(503)],
  ['500', apiError(500)],
  ['520', apiError(520)],
  ['429', apiError(429)],
  ['a broken connection', new ConnectionError(1, { cause: 'x' })],
  ['a timeout', new TimeoutError(1, 1)],
];

describe('a client', () => {
  it('has the members of the response', async () => {
    const { cache, source } = create();
    const secrets = [{ sha256: 'x', createdAt: 1, expiresAt: 0 }];
    const metadata = { client_id: 'app', client_name: 'v1', redirect_uris: ['https://app.example/cb'] };
    const client = { clientId: 'app', etag: 'v1', source: 'static', metadata, secrets };

    source.resolveResult = resolved('v1', { secrets });
    expect(await cache.resolve('alias')).toStrictEqual(client);
    source.resolveResult = resolved('v1', { secrets: undefined, resources: ['https://api.example'] });
    expect(await cache.resolve('app')).toStrictEqual({
      ...client,
      secrets: undefined,
      resources: ['https://api.example'],
    });
  });

  it('is the same object until it is changed', async () => {
    const { cache, source } = create();
    const first = await cache.resolve('app');
    source.wait(60);
    expect(await cache.resolve('app')).toBe(first);
    expect(source.resolves.map(({ etag }) => etag)).toEqual([undefined, 'v1']);
    source.wait(60);
    source.resolveResult = resolved('v2');
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v2' });
  });

  it.each([
    ['the maxAge of the response', 60, {}],
    ['the cap', 20, { maxAge: 20 }],
    ['the cap 0', 0, { maxAge: 0 }],
    ['a cap above the response', 60, { maxAge: 300 }],
  ])('is used without a request for %s: %d s', async (_, seconds, options) => {
    const { cache, source } = create(options);
    await cache.resolve('app');
    source.wait(seconds - 0.001);
    await cache.resolve('app');
    expect(source.resolves).toHaveLength(seconds === 0 ? 2 : 1);
    source.wait(0.001);
    await cache.resolve('app');
    expect(source.resolves).toHaveLength(seconds === 0 ? 3 : 2);
  });

  it('is requested again if the clock was set back', async () => {
    const { cache, source } = create();
    await cache.resolve('app');
    source.wait(-86_400);
    await cache.resolve('app');
    expect(source.resolves).toHaveLength(2);
  });

  it('is requested once by concurrent callers', async () => {
    const { cache, source } = create();
    const clients = await Promise.all([cache.resolve('app'), cache.resolve('app'), cache.resolve('other')]);
    expect(clients[0]).toBe(clients[1]);
    expect(source.resolves.map(({ clientId }) => clientId)).toEqual(['app', 'other']);
  });
});

describe('an unknown or locked client', () => {
  it.each(['NOT_FOUND', 'LOCKED'] as const)('%s: is undefined, also after it was known', async (action) => {
    const { cache, source } = create();
    await cache.resolve('app');
    source.wait(60);
    source.resolveResult = { action };
    expect(await cache.resolve('app')).toBeUndefined();
    source.resolveResult = apiError(503);
    source.wait(5);
    expect(await rejection(cache.resolve('app'))).toBe(source.resolveResult);
  });

  it('is remembered for negativeMaxAge', async () => {
    const { cache, source } = create();
    source.resolveResult = { action: 'NOT_FOUND' };
    await cache.resolve('app');
    source.wait(4.999);
    expect(await cache.resolve('app')).toBeUndefined();
    expect(source.resolves).toHaveLength(1);
    source.wait(0.001);
    source.resolveResult = resolved('v1');
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v1' });
    expect(source.resolves[1]).toMatchObject({ etag: undefined });
  });

  it('does not replace a client', async () => {
    const { cache, source } = create({ maxEntries: 2 });
    await cache.resolve('app');
    source.resolveResult = { action: 'NOT_FOUND' };
    for (let i = 0; i < 10; i++) await cache.resolve(`stranger-${i}`);
    expect(await cache.resolve('app')).toBeDefined();
    expect(source.resolves).toHaveLength(11);
  });

  it.each(['', 'x'.repeat(2_049)])('is not requested if no client can have the identifier %.10j', async (clientId) => {
    const { cache, source } = create();
    expect(await cache.resolve(clientId)).toBeUndefined();
    expect(source.resolves).toEqual([]);
  });
});

describe('an outage', () => {
  it.each(outages)('%s: the stale client is used for staleIfError, then the call rejects', async (_, error) => {
    const { cache, source } = create();
    const client = await cache.resolve('app');
    source.resolveResult = error;
    source.wait(60);
    expect(await cache.resolve('app')).toBe(client);
    source.wait(3_539.999);
    expect(await cache.resolve('app')).toBe(client);
    source.wait(0.001);
    expect(await rejection(cache.resolve('app'))).toBe(error);
  });

  it('the cap limits staleIfError', async () => {
    const { cache, source } = create({ staleIfError: 100 });
    await cache.resolve('app');
    source.resolveResult = apiError(503);
    source.wait(100);
    expect(await rejection(cache.resolve('app'))).toBe(source.resolveResult);
  });

  it.each(outages)('%s: a call for a client that was never seen rejects', async (_, error) => {
    const { cache, source } = create();
    source.resolveResult = error;
    expect(await rejection(cache.resolve('app'))).toBe(error);
  });

  it('the API is asked once in a second, without retries', async () => {
    const { cache, source } = create();
    await cache.resolve('app');
    source.resolveResult = apiError(503);
    source.wait(60);
    for (let i = 0; i < 20; i++) {
      expect(await cache.resolve('app')).toBeDefined();
      source.wait(0.1);
    }
    expect(source.resolves.map(({ options }) => options?.maxRetries)).toEqual([undefined, 0, 0]);
    source.resolveResult = resolved('v2');
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v2' });
  });

  it('UNAVAILABLE is an outage', async () => {
    const { cache, source } = create();
    source.resolveResult = { action: 'UNAVAILABLE', retryAfter: 5 };
    const error = await rejection(cache.resolve('app'));
    expect(error).toMatchObject({ name: 'UnavailableError', retryAfterMs: 5_000, attempts: 1 });

    source.resolveResult = resolved('v1');
    const client = await cache.resolve('app');
    source.wait(60);
    source.resolveResult = { action: 'UNAVAILABLE', retryAfter: 5 };
    expect(await cache.resolve('app')).toBe(client);
  });

  it.each([400, 401, 403, 404, 412])('%d is none: the call rejects', async (status) => {
    const { cache, source } = create();
    const client = await cache.resolve('app');
    source.wait(60);
    source.resolveResult = apiError(status);
    expect(await rejection(cache.resolve('app'))).toBe(source.resolveResult);
    source.resolveResult = resolved('v1');
    expect(await cache.resolve('app')).toBe(client);
  });

  it.each([
    { action: 'MOVED' } as never,
    { action: 'secret 123' } as never,
    { action: 'NOT_MODIFIED', etag: 'v1', maxAge: 1, staleIfError: 1 } as const,
  ])('an unexpected action is none: %p', async (result) => {
    const { cache, source } = create();
    source.resolveResult = result;
    const error = await rejection(cache.resolve('app'));
    expect(error).toMatchObject({ name: 'ClienteleError' });
    expect(String(error)).not.toContain('123');
  });

  it.each<[string, Step]>([
    ['503', respond(503, '')],
    ['a broken connection', new TypeError('fetch failed')],
    ['no response', noResponse],
  ])('%s is one over the transport', async (_, failure) => {
    const { fetch } = fakeFetch(respond(200, resolved('v1')), failure);
    const cache = new ClientCache(createClientele(fetch, { timeoutMs: 20 }).clients, { maxAge: 0 });
    const client = await cache.resolve('app');
    expect(await cache.resolve('app')).toBe(client);
  });
});

describe('drop', () => {
  it('forgets a client and a refusal', async () => {
    const { cache, source } = create();
    await cache.resolve('app');
    await cache.resolve('alias');
    cache.drop('app');
    source.resolveResult = { action: 'NOT_FOUND' };
    expect([await cache.resolve('app'), await cache.resolve('alias')]).toEqual([undefined, undefined]);
    cache.drop('app');
    source.resolveResult = resolved('v2');
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v2' });
  });

  it('during a request: its response is not kept', async () => {
    const { cache, source } = create();
    const open = close(source);
    const before = cache.resolve('app');
    cache.drop('app');
    source.gate = Promise.resolve();
    source.resolveResult = resolved('v2');
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v2' });
    open();
    expect(await before).toMatchObject({ etag: 'v1' });
    expect(await cache.resolve('app')).toMatchObject({ etag: 'v2' });
    expect(source.resolves).toHaveLength(2);
  });

  it('during a request for an alias: its response is not kept', async () => {
    const { cache, source } = create();
    const open = close(source);
    const before = cache.resolve('alias');
    cache.drop('app');
    open();
    expect(await before).toMatchObject({ etag: 'v1' });
    source.resolveResult = resolved('v2');
    expect(await cache.resolve('alias')).toMatchObject({ etag: 'v2' });
  });

  it('during a request for an alias that fails: the call rejects', async () => {
    const { cache, source } = create();
    await cache.resolve('alias');
    source.wait(60);
    const open = close(source);
    source.resolveResult = apiError(503);
    const failure = rejection(cache.resolve('alias'));
    cache.drop('app');
    open();
    expect(await failure).toBe(source.resolveResult);
  });

  it('during a request: later callers share the next request', async () => {
    const { cache, source } = create();
    const openFirst = close(source);
    const before = cache.resolve('app');
    cache.drop('app');
    const openSecond = close(source);
    const after = cache.resolve('app');
    openFirst();
    await before;
    const last = cache.resolve('app');
    openSecond();
    expect(await last).toBe(await after);
    expect(source.resolves).toHaveLength(2);
  });

  it('during a request that fails: the call rejects', async () => {
    const { cache, source } = create();
    await cache.resolve('app');
    source.wait(60);
    const open = close(source);
    source.resolveResult = apiError(503);
    const failure = rejection(cache.resolve('app'));
    cache.drop('app');
    open();
    expect(await failure).toBe(source.resolveResult);
  });
});

/** Lets the responses to further requests wait until the returned function is called. */
function close(source: FakeSource): () => void {
  let open: (() => void) | undefined;
  source.gate = new Promise<void>((resolve) => (open = resolve));
  return () => open?.();
}

describe('the cache', () => {
  it('drops the least recently used client', async () => {
    const { cache, source } = create({ maxEntries: 2 });
    for (const clientId of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.resolve(clientId);
    expect(source.resolves.map(({ clientId }) => clientId)).toEqual(['a', 'b', 'c', 'b']);
  });

  it.each<[keyof ClientCacheOptions, unknown[]]>([
    ['maxEntries', [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5']],
    ['maxAge', [-1, Number.NaN, Number.POSITIVE_INFINITY, '5']],
    ['staleIfError', [-1, Number.NaN, '5']],
    ['negativeMaxAge', [-1, Number.NaN, '5']],
    ['now', [5, null]],
  ])('names the invalid option: %s', (name, values) => {
    for (const value of values) {
      expect(() => create({ [name]: value })).toThrow(new RegExp(`^${name} must `));
      expect(() => create({ [name]: value })).toThrow(TypeError);
    }
  });
});

/** The state of the API while a step runs. */
const state = fc.constantFrom('v1', 'v2', 'NOT_FOUND', 'LOCKED', 'outage', 'refusal');
const step = fc.record({
  state,
  seconds: fc.constantFrom(0, 0.5, 1, 5, 30, 60, 600, 4_000),
  callers: fc.integer({ min: 1, max: 3 }),
});

it('returns what the API said, within the time limits, with one request at a time', async () => {
  const limits = { maxAge: 60, staleIfError: 3_600, negative: 5 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { cache, source } = create({ negativeMaxAge: limits.negative });
      /** The `etag` of the client in the last response of the API, and its time. */
      let confirmed: { etag: string | undefined; at: number } | undefined;
      for (const { state, seconds, callers } of steps) {
        source.wait(seconds);
        source.resolveResult = {
          v1: resolved('v1'),
          v2: resolved('v2'),
          NOT_FOUND: { action: 'NOT_FOUND' as const },
          LOCKED: { action: 'LOCKED' as const },
          outage: apiError(503),
          refusal: apiError(401),
        }[state];
        const requests = source.resolves.length;
        const results = await Promise.all(
          Array.from({ length: callers }, () =>
            cache.resolve('app').then(
              (client) => ({ client }),
              (error: unknown) => ({ error }),
            ),
          ),
        );
        const sent = source.resolves.length - requests;
        const result = results[0] as { client?: ResolvedClient; error?: unknown };
        expect(sent).toBeLessThanOrEqual(1);
        for (const other of results) expect(other).toEqual(result);

        const age = confirmed === undefined ? Infinity : (source.time - confirmed.at) / 1_000;
        if (sent === 1 && state !== 'outage' && state !== 'refusal') {
          confirmed = { etag: result.client?.etag, at: source.time };
          expect(result.client?.etag).toBe(state.startsWith('v') ? state : undefined);
          expect(result.error).toBeUndefined();
        } else if (result.error !== undefined) {
          expect([state === 'refusal', age >= limits.staleIfError, confirmed?.etag === undefined]).toContain(true);
          expect(result.error).toBe(source.resolveResult);
        } else {
          // A client or a refusal that the API confirmed before.
          expect(result.client?.etag).toBe(confirmed?.etag);
          expect(age).toBeLessThan(confirmed?.etag === undefined ? limits.negative : limits.staleIfError);
          if (sent === 1) expect(state).toBe('outage');
        }
      }
    }),
    { numRuns: 500 },
  );
});
