import { requestId } from './request-id.ts';

describe('requestId', () => {
  it.each([
    '0b8a1f6e-94e1-4d4b-8f0c-0f2b6f4e4f3d',
    'Root=1-67891233-abcdef',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'x'.repeat(128),
  ])('accepts %s', (given) => {
    expect(requestId({ headers: { 'x-request-id': given } })).toBe(given);
  });

  it.each([
    '',
    'short',
    'x'.repeat(129),
    'with a blank in it',
    'with"quotes"in-it',
    'with,a,comma',
    '12345678\n{"level":60}',
    '<script>alert(1)</script>',
    'né-en-ascii',
    undefined,
  ])('replaces %j with a new ID', (given) => {
    expect(requestId({ headers: { 'x-request-id': given } })).toMatch(/^[\da-f]{8}(-[\da-f]{4,12}){4}$/);
  });
});
