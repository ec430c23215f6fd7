import { tokenIn } from './own-token.ts';
import { describeToken } from './token-summary.ts';

describe('the token in a response', () => {
  const TOKEN = { id: 'abc', accessRights: ['ADMIN'] };

  it.each([TOKEN, { ...TOKEN, serviceId: 5, expiresAt: 8.64e15 }])('is %j', (token) => {
    expect(tokenIn({ ...token, createdAt: 1, problem: 'x' })).toEqual(token);
  });

  const NO_TEXT = { toString: 1, valueOf: 1 };

  it.each<[string, unknown]>([
    ['no object', [TOKEN]],
    ['another ID', { ...TOKEN, id: 1 }],
    ['no rights', { id: 'abc' }],
    ['rights in lists', { ...TOKEN, accessRights: [[['ADMIN']]] }],
    ['a right without text', { ...TOKEN, accessRights: [NO_TEXT] }],
    ['a time in words', { ...TOKEN, expiresAt: 'never' }],
    ['a time without a date', { ...TOKEN, expiresAt: 8.64e15 + 1 }],
    ['a service without text', { ...TOKEN, serviceId: NO_TEXT }],
    ['a path as the service', { ...TOKEN, serviceId: '../../x' }],
    ['the service null', { ...TOKEN, serviceId: null }],
    ['the service 0', { ...TOKEN, serviceId: 0 }],
    ['a service above 2^53', { ...TOKEN, serviceId: 2 ** 53 }],
  ])('is missing with %s', (_what, body) => {
    expect(tokenIn(body)).toBeUndefined();
  });

  it('is described in one short line', () => {
    const long = 'x'.repeat(1_000);
    const cut = `${'x'.repeat(200)}...`;

    expect(describeToken({ id: '\u001b[2J', accessRights: [long], serviceId: 5, expiresAt: 0 })).toBe(
      `The token \ufffd[2J is for service 5, until 1970-01-01T00:00:00.000Z: ${cut}.`,
    );
    expect(describeToken({ id: long, accessRights: [] })).toMatch(`The token ${cut} is for all services`);
  });
});
