import { inspect } from 'node:util';
import {
  ACCESS_TOKEN,
  causes,
  CLIENT_SECRET,
  clienteleWith,
  envelope,
  fakeFetch,
  REGISTRATION_TOKEN,
  rejection,
  respond,
  silence,
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
  // A timer left behind would keep a process alive.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Makes a call with a fetch that takes these steps, and lets the time pass that it waits. */
async function run(call: Call, steps: Step[], options?: RequestOptions) {
  const { fetch, sent } = fakeFetch(...steps);
  const start = Date.now();
  const promise = call(clienteleWith(fetch).registration, options);
  const settled = promise.then(
    (result) => ({ result, error: undefined, ms: Date.now() - start }),
    (error: unknown) => ({ result: undefined, error, ms: Date.now() - start }),
  );
  await jest.runAllTimersAsync();
  return { ...(await settled), sent };
}

describe('ApiError', () => {
  it('says all that the answer tells: status, result code and text, request ID, body, attempts', async () => {
    const body = { resultCode: 'A172101', resultMessage: '[A172101] The API access token is missing or incorrect.' };
    const { error } = await run(get, [respond(401, body, { 'X-Request-Id': 'r-7' })]);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toBeInstanceOf(ClienteleError);
    expect(error).toMatchObject({ name: 'ApiError', status: 401, requestId: 'r-7', attempts: 1, ...body });
    expect((error as ApiError).body).toEqual(body);
    expect((error as ApiError).message).toBe('The API answered with an error. HTTP status 401, result code A172101.');
  });

  it.each([301, 302, 307, 400, 404, 418, 501])('status %d, whatever the body', async (status) => {
    const { error, sent } = await run(get, [respond(status, '<html>', { Location: 'https://elsewhere.example/' })]);
    expect(error).toMatchObject({ name: 'ApiError', status, resultCode: undefined, resultMessage: undefined });
    expect((error as ApiError).body).toBe('<html>');
    expect(sent).toHaveLength(1);
    expect(sent[0]!.init.redirect).toBe('manual');
  });

  it('a server error is one even with the envelope of a result', async () => {
    const answers = [500, 503, 500].map((status) => respond(status, envelope('INTERNAL_SERVER_ERROR')));
    const { error } = await run(get, answers);
    expect(error).toMatchObject({ name: 'ApiError', status: 500, resultCode: 'A000000', attempts: 3 });
  });

  it.each([
    ['broken JSON', '{"resultCode":'],
    ['nothing', ''],
    ['a page', '<html>'],
    ['something else', '{"ok":true}'],
  ])('a 2xx answer with %s is one', async (_, body) => {
    const { error, sent } = await run(get, [respond(200, body)]);
    expect(error).toMatchObject({ name: 'ApiError', status: 200, attempts: 1 });
    expect(sent).toHaveLength(1);
  });

  it('any 2xx answer with the envelope is a result', async () => {
    const [, register] = changes[0]!;
    const { result } = await run(register, [respond(201, envelope('CREATED'))]);
    expect(result).toMatchObject({ action: 'CREATED' });
  });
});

describe('errors', () => {
  it('begin their stack with their name', async () => {
    for (const [step, name] of [
      [respond(400, ''), 'ApiError'],
      [new TypeError('fetch failed'), 'ConnectionError'],
      [silence, 'TimeoutError'],
    ] as [Step, string][]) {
      const { error } = await run(get, [step], { maxRetries: 0 });
      expect((error as Error).stack).toMatch(new RegExp(`^${name}: The `));
    }
    expect(String(new ClienteleError('x', 1))).toBe('ClienteleError: x');
  });
});

describe('retries', () => {
  const broken = new TypeError('fetch failed');

  it.each([408, 429, 500, 502, 503, 504])('get is repeated after %d', async (status) => {
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

  it('get is repeated after a broken connection and a timeout', async () => {
    const { result, sent } = await run(get, [broken, silence, respond(200, envelope('OK'))], { timeoutMs: 50 });
    expect(result).toMatchObject({ action: 'OK' });
    expect(sent).toHaveLength(3);
  });

  it.each(changes)('%s is repeated where nothing was done: 429 and 503', async (_, call, action) => {
    const { result, sent } = await run(call, [respond(429, ''), respond(503, ''), respond(200, envelope(action))]);
    expect(result).toMatchObject({ action });
    expect(new Set(sent.map(({ init }) => init.body)).size).toBe(1);
  });

  it.each(changes)('%s is never repeated where it may have been done', async (_, call) => {
    for (const step of [408, 500, 502, 504].map((status) => respond(status, ''))) {
      expect(await run(call, [step])).toMatchObject({ error: { name: 'ApiError', attempts: 1 } });
    }
    expect(await run(call, [broken])).toMatchObject({ error: { name: 'ConnectionError', attempts: 1, cause: broken } });
    expect(await run(call, [silence])).toMatchObject({ error: { name: 'TimeoutError', attempts: 1 } });
  });

  it('end with the last failure', async () => {
    const { error, sent } = await run(get, [respond(503, ''), broken, respond(502, '')]);
    expect(error).toMatchObject({ name: 'ApiError', status: 502, attempts: 3 });
    expect(sent).toHaveLength(3);
  });

  it.each([0, 1, 5])('are as many as maxRetries: %d', async (maxRetries) => {
    const { error, sent } = await run(get, Array<Step>(9).fill(broken), { maxRetries });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ attempts: maxRetries + 1 });
    expect(sent).toHaveLength(maxRetries + 1);
  });

  it.each([
    ['3', 3_000],
    ['86400', 60_000],
  ])('wait for Retry-After: %s s makes %d ms', async (seconds, waited) => {
    const answers = [respond(429, '', { 'Retry-After': seconds }), respond(200, envelope('OK'))];
    expect(await run(get, answers)).toMatchObject({ result: { action: 'OK' }, ms: waited });
  });

  it('wait until the date of Retry-After', async () => {
    const date = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 10_000).toUTCString();
    const { ms } = await run(get, [respond(503, '', { 'Retry-After': date }), respond(200, envelope('OK'))]);
    expect(ms).toBeGreaterThan(8_999);
    expect(ms).toBeLessThanOrEqual(10_000);
  });
});

describe('timeouts', () => {
  it('end an attempt, 10 s after it began unless told otherwise', async () => {
    const options = { maxRetries: 0 };
    expect(await run(get, [silence], options)).toMatchObject({
      error: { name: 'TimeoutError', timeoutMs: 10_000 },
      ms: 10_000,
    });
    const { error, ms } = await run(get, [silence], { ...options, timeoutMs: 30 });
    expect(error).toBeInstanceOf(TimeoutError);
    expect(ms).toBe(30);
  });

  it('give each attempt the whole time', async () => {
    const late: Step = () => new Promise((resolve) => setTimeout(resolve, 90, respond(200, envelope('OK'))));
    const { result } = await run(get, [silence, silence, late], { timeoutMs: 100 });
    expect(result).toMatchObject({ action: 'OK' });
  });

  it('end also the reading of a body that never ends', async () => {
    const endless = new Response(
      new ReadableStream({
        start: (body) => {
          body.enqueue(new TextEncoder().encode('{'));
        },
      }),
    );
    expect(await run(get, [endless], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });
  });

  it('end also a fetch that pays no attention to its signal, and an access token that never comes', async () => {
    const deaf: Step = () => new Promise(() => undefined);
    expect(await run(get, [deaf], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });

    const accessToken = () => new Promise<string>(() => undefined);
    const { registration } = clienteleWith(fakeFetch().fetch, { accessToken, maxRetries: 0 });
    const failure = rejection(get(registration));
    await jest.runAllTimersAsync();
    expect(await failure).toBeInstanceOf(TimeoutError);
  });

  it('keep a call from being sent when its access token comes too late', async () => {
    const { fetch, sent } = fakeFetch(respond(200, envelope('OK')));
    const accessToken = () => new Promise<string>((resolve) => setTimeout(resolve, 60, 'late'));
    const { registration } = clienteleWith(fetch, { accessToken, maxRetries: 0, timeoutMs: 50 });
    const failure = rejection(get(registration));
    await jest.runAllTimersAsync();
    expect(await failure).toBeInstanceOf(TimeoutError);
    expect(sent).toHaveLength(0);
  });

  it('say so whatever the fetch makes of its signal', async () => {
    const other: Step = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('socket hang up'));
        });
      });
    expect(await run(get, [other], { maxRetries: 0 })).toMatchObject({ error: { name: 'TimeoutError' } });
  });
});

describe('the signal of the caller', () => {
  const reason = new Error('The user went away.');

  /** Makes a call with a fetch that takes these steps, and aborts after `ms`. */
  async function aborted(ms: number, steps: Step[]) {
    const controller = new AbortController();
    const { fetch, sent } = fakeFetch(...steps);
    const failure = rejection(get(clienteleWith(fetch).registration, { signal: controller.signal }));
    await jest.advanceTimersByTimeAsync(ms);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    return { sent, signal: controller.signal };
  }

  it('before the call: nothing is sent', async () => {
    const { fetch, sent } = fakeFetch();
    const { registration } = clienteleWith(fetch);
    expect(await rejection(get(registration, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await rejection(get(registration, { signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError' });
    expect(sent).toHaveLength(0);
  });

  it('during an attempt: the fetch is told, and nothing is repeated', async () => {
    const { sent } = await aborted(5, [silence]);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.init.signal?.aborted).toBe(true);
  });

  it('while the body is read', async () => {
    await aborted(5, [new Response(new ReadableStream())]);
  });

  it('between two attempts: the wait ends at once', async () => {
    const { sent } = await aborted(10_000, [respond(429, '', { 'Retry-After': '60' })]);
    expect(sent).toHaveLength(1);
  });

  it('in a later attempt', async () => {
    const { sent } = await aborted(5_000, [respond(503, ''), silence]);
    expect(sent).toHaveLength(2);
  });

  it('wins over the failure that it caused, whatever its reason is', async () => {
    const controller = new AbortController();
    const { fetch, sent } = fakeFetch(silence);
    const failure = rejection(get(clienteleWith(fetch).registration, { signal: controller.signal }));
    await jest.advanceTimersByTimeAsync(5);
    const timeout = new TimeoutError(1, 1);
    controller.abort(timeout);
    expect(await failure).toBe(timeout);
    expect(sent).toHaveLength(1);
  });

  it('has no listeners left afterwards, whatever happened', async () => {
    const controller = new AbortController();
    const added = jest.spyOn(controller.signal, 'addEventListener');
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    await run(get, [respond(503, ''), silence, respond(200, envelope('OK'))], { signal: controller.signal });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      added.mock.calls.map(([type, listener]) => [type, listener]),
    );
  });
});

describe('fetch', () => {
  it('is the global one at the time of the call, called without a receiver', async () => {
    const { registration } = clienteleWith(undefined);
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
    ['a page', respond(400, echo)],
    ['an error', respond(403, leaky)],
    ['a broken envelope', respond(200, echo)],
    ['an envelope without the client', respond(200, { ...leaky, action: 'UPDATED' })],
    ['an error without a reason', respond(200, { ...leaky, action: 'BAD_REQUEST' })],
    ['a broken connection', new TypeError('fetch failed')],
    ['no answer', silence],
  ])('are in no message and no stack after %s', async (_, step) => {
    const [, update] = changes[1]!;
    const { error } = await run(update, [step]);
    expect(error).toBeInstanceOf(ClienteleError);
    for (const { message, stack } of causes(error)) {
      for (const secret of SECRETS) expect(`${message}${stack ?? ''}`).not.toContain(secret);
    }
  });

  it('are not printed with an error, nor with the client', async () => {
    const { error } = await run(get, [respond(400, { client_secret: CLIENT_SECRET })]);
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain(CLIENT_SECRET);
    expect(inspect(clienteleWith(undefined), { depth: 9 })).not.toContain(ACCESS_TOKEN);
  });
});
