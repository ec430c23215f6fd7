import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Clientele } from '@clientele/client';
import type { OpenApiDocument } from './document.ts';
import type { Operation } from './operation.ts';
import { sdkCall } from './sdk-call.ts';

/** The document in the repository. Another test compares it with that of the server. */
const DOCUMENT = JSON.parse(
  readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument;

const CALLS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const { operationId, parameters = [], requestBody } = operation as unknown as Operation;
    const call = sdkCall(operation as unknown as Operation);
    const body = requestBody?.content['application/json']?.example;
    const url = parameters.reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path);
    return call === undefined ? [] : [{ operationId, call, request: { method: method.toUpperCase(), url, body } }];
  }),
);

/** The methods of the SDK, as an expression reaches them. */
function methodsOf(part: object, path: string): string[] {
  const parts = Object.entries(part).filter((entry): entry is [string, object] => typeof entry[1] === 'object');
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(part)).filter((name) => name !== 'constructor');
  return [
    ...methods.map((method) => `${path}.${method}`),
    ...parts.flatMap(([name, inside]) => methodsOf(inside, `${path}.${name}`)),
  ];
}

describe('the example of a call with the SDK', () => {
  const sent: unknown[] = [];
  const clientele = new Clientele({
    baseUrl: 'http://clientele.test',
    serviceId: 986126671,
    accessToken: 'token',
    maxRetries: 0,
    fetch: (url, { method, body }) => {
      const text = typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined;
      sent.push({ method, url: new URL(url).pathname, body: text });
      return Promise.reject(new Error('There is no server.'));
    },
  });

  it.each(CALLS.map((call) => [call.operationId, call] as const))('of %s sends its request', async (_id, example) => {
    sent.length = 0;

    await expect(runInNewContext(example.call, { clientele })).rejects.toThrow();

    expect(sent).toEqual([example.request]);
  });

  it('exists for every method, except for those that repeat or reverse another', () => {
    const shown = CALLS.map(({ call }) => call.replace(/\(.*/s, ''));

    expect(methodsOf(clientele, 'clientele').filter((method) => !shown.includes(method))).toEqual([
      'clientele.clients.list',
      'clientele.clients.unlock',
      'clientele.initialAccessTokens.list',
      'clientele.services.list',
    ]);
  });
});
