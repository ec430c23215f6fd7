import fc from 'fast-check';
import { CLIENT_SECRET, envelope, ERROR, INFORMATION } from '../test/support.ts';
import { ApiError } from './errors.ts';
import { HTTP_STATUS, judge } from './result.ts';
import type { Answer } from './transport.ts';

function answerOf(body: unknown): Answer {
  return { status: 200, body, requestId: 'r-1', retryAfterMs: undefined, attempts: 1 };
}

/** Every JSON object, with members that collide with the properties of objects. */
const members = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')),
  fc.jsonValue() as fc.Arbitrary<unknown>,
);

describe('judge', () => {
  it.each(['CREATED', 'OK', 'UPDATED'] as const)('%s: content is the client information', (action) => {
    expect(judge(action, answerOf(envelope(action)))).toEqual({ ...envelope(action), content: INFORMATION });
  });

  it('DELETED: there is no content', () => {
    expect(judge('DELETED', answerOf(envelope('DELETED')))).toEqual(envelope('DELETED'));
    const withNull = envelope('DELETED', { responseContent: null });
    expect(judge('DELETED', answerOf(withNull))).toEqual(withNull);
  });

  it.each(['BAD_REQUEST', 'UNAUTHORIZED', 'INTERNAL_SERVER_ERROR'])('%s: content is the error response', (action) => {
    expect(judge('OK', answerOf(envelope(action)))).toEqual({ ...envelope(action), content: ERROR });
  });

  it('keeps unknown errors and unknown members, in the envelope, the content and the client', () => {
    const content = { ...INFORMATION, new_member: [1], token_endpoint_auth_method: 'from_the_future' };
    const client = { clientId: 1, newProperty: { a: 1 }, tokenAuthMethod: 'FROM_THE_FUTURE' };
    const found = judge('OK', answerOf(envelope('OK', { responseContent: JSON.stringify(content), client, extra: 1 })));
    expect(found).toMatchObject({ content, client, extra: 1 });

    const refused = judge(
      'OK',
      answerOf(envelope('BAD_REQUEST', { responseContent: '{"error":"slow_down","hint":1}' })),
    );
    expect(refused.action === 'BAD_REQUEST' && refused.content).toEqual({ error: 'slow_down', hint: 1 });
  });

  it('keeps unknown actions, with whatever they bring', () => {
    fc.assert(
      fc.property(fc.string(), members, fc.jsonValue(), (action, extra, content) => {
        fc.pre(!Object.hasOwn(HTTP_STATUS, action));
        const body = { ...extra, ...envelope(action, { responseContent: JSON.stringify(content) }) };
        expect(judge('OK', answerOf(body))).toEqual({
          ...body,
          content: JSON.parse(JSON.stringify(content)) as unknown,
        });
      }),
    );
  });

  it('takes the action of another operation for an unknown one', () => {
    expect(judge('OK', answerOf(envelope('CREATED')))).toEqual({ ...envelope('CREATED'), content: INFORMATION });
    expect(judge('OK', answerOf(envelope('DELETED')))).toEqual({ ...envelope('DELETED'), content: null });
  });

  it('leaves content that is not JSON as it is where nothing is known about it', () => {
    const body = envelope('constructor', { responseContent: 'text' });
    expect(judge('OK', answerOf(body))).toEqual({ ...body, content: 'text' });
  });

  it.each([
    ['text', '<html>'],
    ['null', null],
    ['a list', [envelope('OK')]],
    ['no action', { resultCode: 'A1', resultMessage: '' }],
    ['an action that is no string', { ...envelope('OK'), action: 7 }],
    ['no result code', { ...envelope('OK'), resultCode: undefined }],
    ['response content that is no string', envelope('OK', { responseContent: INFORMATION })],
    ['no response content', envelope('OK', { responseContent: undefined })],
    ['broken response content', envelope('OK', { responseContent: `{"client_secret":"${CLIENT_SECRET}"` })],
    ['response content that is no object', envelope('OK', { responseContent: '[]' })],
    ['no client_id', envelope('OK', { responseContent: '{}' })],
    ['no client', envelope('OK', { client: undefined })],
    ['no error', envelope('BAD_REQUEST', { responseContent: '{}' })],
    ['a broken error', envelope('UNAUTHORIZED', { responseContent: 'no' })],
  ])('an answer with %s is an ApiError that holds it', (_, body) => {
    expect.assertions(4);
    try {
      judge('OK', answerOf(body));
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 200, requestId: 'r-1', attempts: 1 });
      expect((error as ApiError).body).toBe(body);
      expect(String(error)).not.toContain(CLIENT_SECRET);
    }
  });

  it('is either right or an ApiError, whatever JSON the API answers', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), members), (body) => {
        try {
          expect(judge('OK', answerOf(body))).toMatchObject({ action: expect.any(String) as unknown });
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});
