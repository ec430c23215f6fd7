import fc from 'fast-check';
import { CLIENT_SECRET, envelope, ERROR, INFORMATION } from '../test/support.ts';
import { ApiError } from './errors.ts';
import { STATUS_OF_ACTION } from '@clientele/model/wire';
import { readResult } from './registration-result.ts';
import type { ApiResponse } from './response.ts';

function responseWith(body: unknown): ApiResponse {
  return { status: 200, headers: new Headers(), body, requestId: 'r-1', retryAfterMs: undefined, attempts: 1 };
}

/** JSON objects, some with member names that are also properties of `Object.prototype`. */
const members = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')),
  fc.jsonValue() as fc.Arbitrary<unknown>,
);

describe('readResult', () => {
  it.each(['CREATED', 'OK', 'UPDATED'] as const)('%s: content is the client information', (action) => {
    expect(readResult(action, responseWith(envelope(action)))).toEqual({ ...envelope(action), content: INFORMATION });
  });

  it('DELETED: the result has no content', () => {
    expect(readResult('DELETED', responseWith(envelope('DELETED')))).toEqual(envelope('DELETED'));
    const withNull = envelope('DELETED', { responseContent: null });
    expect(readResult('DELETED', responseWith(withNull))).toEqual(withNull);
  });

  it.each(['BAD_REQUEST', 'UNAUTHORIZED', 'INTERNAL_SERVER_ERROR'])('%s: content is the error response', (action) => {
    expect(readResult('OK', responseWith(envelope(action)))).toEqual({ ...envelope(action), content: ERROR });
  });

  it('keeps unknown errors, and unknown members of the envelope, the content and the client', () => {
    const content = { ...INFORMATION, new_member: [1], token_endpoint_auth_method: 'from_the_future' };
    const client = { clientId: 1, newProperty: { a: 1 }, tokenAuthMethod: 'FROM_THE_FUTURE' };
    const found = readResult(
      'OK',
      responseWith(envelope('OK', { responseContent: JSON.stringify(content), client, extra: 1 })),
    );
    expect(found).toMatchObject({ content, client, extra: 1 });

    const refused = readResult(
      'OK',
      responseWith(envelope('BAD_REQUEST', { responseContent: '{"error":"slow_down","hint":1}' })),
    );
    expect(refused.action === 'BAD_REQUEST' && refused.content).toEqual({ error: 'slow_down', hint: 1 });
  });

  it('keeps unknown actions and all their members', () => {
    fc.assert(
      fc.property(fc.string(), members, fc.jsonValue(), (action, extra, content) => {
        fc.pre(!Object.hasOwn(STATUS_OF_ACTION, action));
        const body = { ...extra, ...envelope(action, { responseContent: JSON.stringify(content) }) };
        expect(readResult('OK', responseWith(body))).toEqual({
          ...body,
          content: JSON.parse(JSON.stringify(content)) as unknown,
        });
      }),
    );
  });

  it('treats the action of another operation as unknown', () => {
    expect(readResult('OK', responseWith(envelope('CREATED')))).toEqual({
      ...envelope('CREATED'),
      content: INFORMATION,
    });
    expect(readResult('OK', responseWith(envelope('DELETED')))).toEqual({ ...envelope('DELETED'), content: null });
  });

  it('does not change the content of an unknown action if it is not JSON', () => {
    const body = envelope('constructor', { responseContent: 'text' });
    expect(readResult('OK', responseWith(body))).toEqual({ ...body, content: 'text' });
  });

  it.each([
    ['text', '<html>'],
    ['null', null],
    ['a list', [envelope('OK')]],
    ['no action', { resultCode: 'A1', resultMessage: '' }],
    ['an action that is not a string', { ...envelope('OK'), action: 7 }],
    ['no result code', { ...envelope('OK'), resultCode: undefined }],
    ['response content that is not a string', envelope('OK', { responseContent: INFORMATION })],
    ['no response content', envelope('OK', { responseContent: undefined })],
    ['broken response content', envelope('OK', { responseContent: `{"client_secret":"${CLIENT_SECRET}"` })],
    ['response content that is not an object', envelope('OK', { responseContent: '[]' })],
    ['no client_id', envelope('OK', { responseContent: '{}' })],
    ['no client', envelope('OK', { client: undefined })],
    ['no error', envelope('BAD_REQUEST', { responseContent: '{}' })],
    ['a broken error', envelope('UNAUTHORIZED', { responseContent: 'no' })],
  ])('a response with %s: throws an ApiError with that body', (_, body) => {
    expect.assertions(4);
    try {
      readResult('OK', responseWith(body));
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 200, requestId: 'r-1', attempts: 1 });
      expect((error as ApiError).body).toBe(body);
      expect(String(error)).not.toContain(CLIENT_SECRET);
    }
  });

  it('returns a result or throws an ApiError for every JSON body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), members), (body) => {
        try {
          expect(readResult('OK', responseWith(body))).toMatchObject({ action: expect.any(String) as unknown });
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});
