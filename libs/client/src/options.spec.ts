import fc from 'fast-check';
import { createClientele, envelope, fakeFetch, rejection, respond } from '../test/support.ts';
import type { ClienteleOptions } from './options.ts';

/** Returns the URL of the first request that a `Clientele` with these options sends. */
async function urlOf(options: Partial<ClienteleOptions>): Promise<string> {
  const { fetch, sent } = fakeFetch(respond(200, envelope('OK')));
  await createClientele(fetch, options).registration.get({ clientId: 1, token: 't' });
  return sent[0]!.url;
}

describe('baseUrl and serviceId', () => {
  it.each([
    ['http://localhost:3000', 1, 'http://localhost:3000/api/1/client/registration/get'],
    ['http://localhost:3000/', '1', 'http://localhost:3000/api/1/client/registration/get'],
    [
      'https://example.com/clientele',
      'my-service',
      'https://example.com/clientele/api/my-service/client/registration/get',
    ],
    ['https://example.com/a/b//', 1, 'https://example.com/a/b/api/1/client/registration/get'],
    ['HTTPS://EXAMPLE.com:443', 1, 'https://example.com/api/1/client/registration/get'],
  ])('%s and service %s: requests go to %s', async (baseUrl, serviceId, url) => {
    expect(await urlOf({ baseUrl, serviceId })).toBe(url);
  });

  it('every path prefix is kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl(), fc.constantFrom('', '/', '//'), async (baseUrl, end) => {
        const url = await urlOf({ baseUrl: baseUrl + end, serviceId: 7 });
        expect(new URL(url).href).toBe(url);
        expect(url).toBe(`${new URL(baseUrl).href.replace(/\/+$/, '')}/api/7/client/registration/get`);
      }),
    );
  });
});

describe('an invalid option is named in the error', () => {
  it.each<[string, unknown[]]>([
    [
      'baseUrl',
      [
        '',
        'example.com',
        '/api',
        'ftp://example.com',
        'https://u:p@example.com',
        'https://a.example?b',
        'https://a.example#b',
        null,
      ],
    ],
    ['serviceId', ['', '..', 'a/b', 'a b', 0, -1, 1.5, Number.NaN, 2 ** 53, null]],
    ['accessToken', ['', ' ', 'two words', 'line\nbreak', 'größe', 5, undefined]],
    ['fetch', ['fetch', {}]],
    ['timeoutMs', [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5']],
    ['maxRetries', [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '2']],
  ])('%s', (name, values) => {
    for (const value of values) {
      const options = { [name]: value } as Partial<ClienteleOptions>;
      const create = () => createClientele(undefined, options);
      expect(create).toThrow(TypeError);
      expect(create).toThrow(new RegExp(`^${name} must `));
    }
  });

  it('the error does not quote the access token', () => {
    const create = () => createClientele(undefined, { accessToken: 'canary\n' });
    expect(create).toThrow(TypeError);
    expect(create).not.toThrow(/canary/);
  });

  it('the options of a call are checked before the request is sent', async () => {
    const { fetch, sent } = fakeFetch();
    const { registration } = createClientele(fetch);
    const request = { clientId: 1, token: 't' };
    expect(await rejection(registration.get(request, { timeoutMs: -1 }))).toBeInstanceOf(TypeError);
    expect(await rejection(registration.get(request, { maxRetries: -1 }))).toBeInstanceOf(TypeError);
    expect(sent).toHaveLength(0);
  });
});

describe('accessToken as a function', () => {
  it('is called before each attempt', async () => {
    const { fetch, sent } = fakeFetch(respond(503, '', { 'Retry-After': '0' }), respond(200, envelope('OK')));
    const tokens = ['first', 'second'];
    const accessToken = () => Promise.resolve(tokens.shift()!);
    await createClientele(fetch, { accessToken }).registration.get({ clientId: 1, token: 't' });
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second']);
  });

  it('rejects the call with its own error, without a retry', async () => {
    const { fetch, sent } = fakeFetch();
    const failure = new Error('The vault is closed.');
    const accessToken = () => Promise.reject(failure);
    const { registration } = createClientele(fetch, { accessToken });
    expect(await rejection(registration.get({ clientId: 1, token: 't' }))).toBe(failure);
    expect(sent).toHaveLength(0);
  });

  it('must return a token that is valid in a header', async () => {
    const { registration } = createClientele(fakeFetch().fetch, { accessToken: () => 'canary\r\nX: y' });
    const error = await rejection(registration.get({ clientId: 1, token: 't' }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('canary');
  });
});
