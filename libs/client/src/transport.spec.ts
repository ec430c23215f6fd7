import { inspect } from 'node:util';
import {
  ACCESS_TOKEN,
  causes,
  CLIENT_SECRET,
  createClientele,
  envelope,
  fakeFetch,
  REGISTRATION_TOKEN,
  rejection,
  respond,
  noResponse,
  type Step,
} from '../test/support.ts';
import { ApiError, ClienteleError, ConnectionError, TimeoutError } from './errors.ts';
import type { RequestOptions } from './options.ts';
import type { Registration } from './registration.ts';

const { jest } = import.meta;

const reference = { clientId: 904520, token: REGISTRATION_TOKEN };
const metadata = { client_secret: CLIENT_SECRET };

type Call = (registration: Registration, options?: RequestOptions) => Promise<unknown>;

const get: Call = (registration, options) => registration.get(reference, options);
const changes: [name: string, call: Call, action: string][] = [
  [
    'register',
    (registration, options) => registration.register({ metadata, token: REGISTRATION_TOKEN }, options),
    'CREATED',
  ],
  ['update', (registration, options) => registration.update({ ...reference, metadata }, options), 'UPDATED'],
  ['delete', (registration, options) => registration.delete(reference, options), 'DELETED'],
];

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  // A running timer would keep a process alive.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Makes a call with a fake fetch that takes these steps, and runs all timers until the call settles. */
async function run(call: Call, steps: Step[], options?: RequestOptions) {
  const { fetch, sent } = fakeFetch(...steps);
  const start = Date.now();
  const promise = call(createClientele(fetch).registration, options);
  const settled = promise.then(
    (result) => ({ result, error: undefined, ms: Date.now() - start }),
    (error: unknown) => ({ result: undefined, error, ms: Date.now() - start }),
  );
  await jest.runAllTimersAsync();
  return { ...(await settled), sent };
}

describe('ApiError', () => {
  it('has the status, result code, result message, request ID, body and number of attempts', async () => {
    const body = { resultCode: 'A172101', resultMessage: '[A172101] The API access token is missing or incorrect.' };
    const { error } = await run(get, [respond(401, body, { 'X-Request-Id': 'r-7' })]);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toBeInstanceOf(ClienteleError);
    expect(error).toMatchObject({ name: 'ApiError', status: 401, requestId: 'r-7', attempts: 1, ...body });
    expect((error as ApiError).body).toEqual(body);
    expect((error as ApiError).message).toBe(
      'The API returned an error. HTTP status 401, result code A172101. The API access token is missing or incorrect.',
    );
  });

  it.each([
    ['without a result code', { resultMessage: '[A172101] Text.' }, '.'],
    [
      'with the text of another code',
      { resultCode: 'A172101', resultMessage: '[A172102] Text.' },
      ', result code A172101.',
    ],
    [
      'with a long text',
      { resultCode: 'A1234', resultMessage: `[A1234] ${'x'.repeat(400)}` },
      `, result code A1234. ${'x'.repeat(300)}`,
    ],
    [
      'with control characters',
      { resultCode: 'A1234', resultMessage: '[A1234] a\u001b[2J\u2028b\u202e' },
      ', result code A1234. a[2Jb',
    ],
  ])('the message after a response %s', async (_, body, end) => {
    const { error } = await run(get, [respond(400, body)]);
    expect((error as ApiError).message).toBe(`The API returned an error. HTTP status 400${end}`);
  });

  it.each([301, 302, 307, 400, 404, 418, 501])('status %d is an ApiError with any body', async (status) => {
    const { error, sent } = await run(get, [respond(status, '<html>', { Location: 'https://elsewhere.example/' })]);
    expect(error).toMatchObject({ name: 'ApiError', status, resultCode: undefined, resultMessage: undefined });
    expect((error as ApiError).body).toBe('<html>');
    expect(sent).toHaveLength(1);
    expect(sent[0]!.init.redirect).toBe('manual');
  });

  it('a server error is an ApiError, even with an INTERNAL_SERVER_ERROR envelope', async () => {
    const responses = [500, 503, 500].map((status) => respond(status, envelope('INTERNAL_SERVER_ERROR')));
    const { error } = await run(get, responses);
    expect(error).toMatchObject({ name: 'ApiError', status: 500, resultCode: 'A000000', attempts: 3 });
  });

  it.each([
    ['broken JSON', '{"resultCode":'],
    ['no body', ''],
    ['an HTML page', '<html>'],
    ['another object', '{"ok":true}'],
  ])('a 2xx response with %s is an ApiError', async (_, body) => {
    const { error, sent } = await run(get, [respond(200, body)]);
    expect(error).toMatchObject({ name: 'ApiError', status: 200, attempts: 1 });
    expect(sent).toHaveLength(1);
  });

  it('every 2xx response with an envelope is a result', async () => {
    const [, register] = changes[0]!;
    const { result } = await run(register, [respond(201, envelope('CREATED'))]);
    expect(result).toMatchObject({ action: 'CREATED' });
  });
});

describe('errors', () => {
  it('have their name at the start of the stack', async () => {
    for (const [step, name] of [
      [respond(400, ''), 'ApiError'],
      [new TypeError('fetch failed'), 'ConnectionError'],
      [noResponse, 'TimeoutError'],
    ] as [Step, string][]) {
      const { error } = await run(get, [step], { maxRetries: 0 });
      expect((error as Error).stack).toMatch(new RegExp(`^${name}: The `));
    }
    expect(String(new ClienteleError('x', 1))).toBe('ClienteleError: x');
  });
});

describe('retries', () => {
  const broken = new TypeError('fetch failed');

  it.each([408, 429, 500, 502, 503, 504])('get is retried after %d', async (status) => {
    const { result, sent, ms } = await run(get, [
      respond(status, ''),
      respond(status, ''),
      respond(200, envelope('OK')),
    ]);
    expect(result).toMatchObject({ action: 'OK' });
    expect(sent).toHaveLength(3);
    expect(ms).toBeGreaterThanOrEqual(100 + 200);
    expect(ms).toBeLessThanOrEqual(200 + 400);
  });

  it('get is retried after a connection error and a timeout', async () => {
    const { result, sent } = await run(get, [broken, noResponse, respond(200, envelope('OK'))], { timeoutMs: 50 });
    expect(result).toMatchObject({ action: 'OK' });
    expect(sent).toHaveLength(3);
  });

  it.each(changes)('%s is retried if the request was not processed', async (_, call, action) => {
    const overloaded = respond(503, { resultCode: 'A001104' });
    const { result, sent } = await run(call, [respond(429, ''), overloaded, respond(200, envelope(action))]);
    expect(result).toMatchObject({ action });
    expect(new Set(sent.map(({ init }) => init.body)).size).toBe(1);
  });

  it.each(changes)('%s is not retried if the request may have been processed', async (_, call) => {
    for (const step of [408, 500, 502, 503, 504].map((status) => respond(status, ''))) {
      expect(await run(call, [step])).toMatchObject({ error: { name: 'ApiError', attempts: 1 } });
    }
    expect(await run(call, [broken])).toMatchObject({ error: { name: 'ConnectionError', attempts: 1, cause: broken } });
    expect(await run(call, [noResponse])).toMatchObject({ error: { name: 'TimeoutError', attempts: 1 } });
  });

  it('stop with the last error', async () => {
    const { error, sent } = await run(get, [respond(503, ''), broken, respond(502, '')]);
    expect(error).toMatchObject({ name: 'ApiError', status: 502, attempts: 3 });
    expect(sent).toHaveLength(3);
  });

  it.each([0, 1, 5])('stop after maxRetries: %d', async (maxRetries) => {
    const { error, sent } = await run(get, Array<Step>(9).fill(broken), { maxRetries });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ attempts: maxRetries + 1 });
    expect(sent).toHaveLength(maxRetries + 1);
  });

  it.each([
    ['3', 3_000],
    ['86400', 60_000],
  ])('wait for Retry-After: %s s is a delay of %d ms', async (seconds, waited) => {
    const responses = [respond(429, '', { 'Retry-After': seconds }), respond(200, envelope('OK'))];
    expect(await run(get, responses)).toMatchObject({ result: { action: 'OK' }, ms: waited });
  });

  it('wait until the date of Retry-After', async () => {
    const date = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 10_000).toUTCString();
    const { ms } = await run(get, [respond(503, '', { 'Retry-After': date }), respond(200, envelope('OK'))]);
    expect(ms).toBeGreaterThan(8_999);
    expect(ms).toBeLessThanOrEqual(10_000);
  });
});

describe('timeouts', () => {
  it('end an attempt after timeoutMs, by default after 10 s', async () => {
    const options = { maxRetries: 0 };
    expect(await run(get, [noResponse], options)).toMatchObject({
      error: { name: 'TimeoutError', timeoutMs: 10_000 },
      ms: 10_000,
    });
    const { error, ms } = await run(get, [noResponse], { ...options, timeoutMs: 30 });
    expect(error).toBeInstanceOf(TimeoutError);
    expect(ms).toBe(30);
  });

  it('apply to each attempt, not to the whole call', async () => {
    const slow: Step = () => new Promise((resolve) => setTimeout(resolve, 90, respond(200, envelope('OK'))));
    const { result } = await run(get, [noResponse, noResponse, slow], { timeoutMs: 100 });
    expect(result).toMatchObject({ action: 'OK' });
  });

  it('end an attempt if the body never ends', async () => {
    const endless = new Response(
      new ReadableStream({
        start: (body) => {
          body.enqueue(new TextEncoder().encode('{'));
        },
      }),
    );
    expect(await run(get, [endless], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });
  });

  it('end an attempt if fetch ignores its signal or the access token never arrives', async () => {
    const ignoresSignal: Step = () => new Promise(() => undefined);
    expect(await run(get, [ignoresSignal], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });

    const accessToken = () => new Promise<string>(() => undefined);
    const { registration } = createClientele(fakeFetch().fetch, { accessToken, maxRetries: 0 });
    const failure = rejection(get(registration));
    await jest.runAllTimersAsync();
    expect(await failure).toBeInstanceOf(TimeoutError);
  });

  it('prevent the request if the access token arrives too late', async () => {
    const { fetch, sent } = fakeFetch(respond(200, envelope('OK')));
    const accessToken = () => new Promise<string>((resolve) => setTimeout(resolve, 60, 'late'));
    const { registration } = createClientele(fetch, { accessToken, maxRetries: 0, timeoutMs: 50 });
    const failure = rejection(get(registration));
    await jest.runAllTimersAsync();
    expect(await failure).toBeInstanceOf(TimeoutError);
    expect(sent).toHaveLength(0);
  });

  it('throw a TimeoutError, whatever error fetch rejects with', async () => {
    const ownError: Step = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('socket hang up'));
        });
      });
    expect(await run(get, [ownError], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });
  });
});

describe('an abort by the caller', () => {
  const reason = new Error('The user went away.');

  /** Makes a call with a fake fetch that takes these steps, and aborts it after `ms` milliseconds. */
  async function aborted(ms: number, steps: Step[]) {
    const controller = new AbortController();
    const { fetch, sent } = fakeFetch(...steps);
    const failure = rejection(get(createClientele(fetch).registration, { signal: controller.signal }));
    await jest.advanceTimersByTimeAsync(ms);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    return { sent, signal: controller.signal };
  }

  it('before the call: no request is sent', async () => {
    const { fetch, sent } = fakeFetch();
    const { registration } = createClientele(fetch);
    expect(await rejection(get(registration, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await rejection(get(registration, { signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError' });
    expect(sent).toHaveLength(0);
  });

  it('during an attempt: fetch is aborted, and the call is not retried', async () => {
    const { sent } = await aborted(5, [noResponse]);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.init.signal?.aborted).toBe(true);
  });

  it('while the body is read: the call ends', async () => {
    await aborted(5, [new Response(new ReadableStream())]);
  });

  it('between two attempts: the delay ends at once', async () => {
    const { sent } = await aborted(10_000, [respond(429, '', { 'Retry-After': '60' })]);
    expect(sent).toHaveLength(1);
  });

  it('in a later attempt: the call ends', async () => {
    const { sent } = await aborted(5_000, [respond(503, ''), noResponse]);
    expect(sent).toHaveLength(2);
  });

  it('rejects with the reason of the signal, even if that is a TimeoutError', async () => {
    const controller = new AbortController();
    const { fetch, sent } = fakeFetch(noResponse);
    const failure = rejection(get(createClientele(fetch).registration, { signal: controller.signal }));
    await jest.advanceTimersByTimeAsync(5);
    const timeout = new TimeoutError(1, 1);
    controller.abort(timeout);
    expect(await failure).toBe(timeout);
    expect(sent).toHaveLength(1);
  });

  it('leaves no listeners on the signal', async () => {
    const controller = new AbortController();
    const added = jest.spyOn(controller.signal, 'addEventListener');
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    await run(get, [respond(503, ''), noResponse, respond(200, envelope('OK'))], { signal: controller.signal });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      added.mock.calls.map(([type, listener]) => [type, listener]),
    );
  });
});

describe('fetch', () => {
  it('is the global fetch at the time of the call, called without a receiver', async () => {
    const { registration } = createClientele(undefined);
    const receivers: unknown[] = [];
    const original = globalThis.fetch;
    globalThis.fetch = function (this: unknown) {
      receivers.push(this);
      return Promise.resolve(respond(200, envelope('OK')));
    };
    try {
      await get(registration);
    } finally {
      globalThis.fetch = original;
    }
    expect(receivers).toEqual([undefined]);
  });
});

describe('secrets', () => {
  const SECRETS = [ACCESS_TOKEN, REGISTRATION_TOKEN, CLIENT_SECRET];
  const echo = `${SECRETS.join(' ')} {`;
  const leaky = { resultCode: echo, resultMessage: echo, action: echo, responseContent: echo };

  it.each<[string, Step]>([
    ['a body that is not JSON', respond(400, echo)],
    ['an API error', respond(403, leaky)],
    ['a broken envelope', respond(200, echo)],
    ['an envelope without a client', respond(200, { ...leaky, action: 'UPDATED' })],
    ['an envelope without an OAuth error', respond(200, { ...leaky, action: 'BAD_REQUEST' })],
    ['a connection error', new TypeError('fetch failed')],
    ['a timeout', noResponse],
  ])('are not in the message or the stack after %s', async (_, step) => {
    const [, update] = changes[1]!;
    const { error } = await run(update, [step]);
    expect(error).toBeInstanceOf(ClienteleError);
    for (const { message, stack } of causes(error)) {
      for (const secret of SECRETS) expect(`${message}${stack ?? ''}`).not.toContain(secret);
    }
  });

  it('are not printed with an error or a Clientele', async () => {
    const { error } = await run(get, [respond(400, { client_secret: CLIENT_SECRET })]);
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain(CLIENT_SECRET);
    expect(inspect(createClientele(undefined), { depth: 9 })).not.toContain(ACCESS_TOKEN);
  });
});
