import { RESULTS } from '../wire/result-codes.ts';
import { decideOn } from '../../test/decisions.ts';
import { readRequest } from './read-request.ts';

describe('readRequest', () => {
  it('returns the members of an object', () => {
    expect(readRequest('{"client_name":"A"}')).toEqual({ members: { client_name: 'A' }, inexact: new Map() });
  });

  it.each([
    ['', 'json-empty', RESULTS.metadataEmpty.code, '[A203302] Client metadata was empty.'],
    ['[]', 'json-syntax', RESULTS.metadataUnparsable.code, 'it is JSON, but not an object; send one object.'],
    ['{', 'json-syntax', RESULTS.metadataUnparsable.code, 'the text ends at position 1'],
    [' '.repeat(70_000), 'json-size', RESULTS.metadataUnparsable.code, 'it has 70000 characters; send at most 65536.'],
    ['{"a":1,"a":2}', 'json-duplicate-member', RESULTS.memberDuplicated.code, 'contains the member "a" more than once'],
    ['{"a":{"__proto__":1}}', 'json-forbidden-member', RESULTS.memberForbidden.code, 'the member "__proto__".'],
    ['{"$&":1,"$&":2}', 'json-duplicate-member', RESULTS.memberDuplicated.code, 'the member "$&" more'],
  ])('refuses %j by %s', (text, rule, resultCode, words) => {
    const request = readRequest(text);
    if (!('finding' in request)) throw new Error('accepted');

    expect(request.finding).toMatchObject({
      rule,
      severity: 'refused',
      members: [],
      error: 'invalid_client_metadata',
      resultCode,
    });
    expect(request.finding.message).toContain(words);
    expect(request.finding.message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+\.$/);
    expect(request.finding.specification).toMatch(/^https:\/\//);
  });

  it('returns a finding that decide() reports', () => {
    expect(decideOn('[]')).toMatchObject({ accepted: false, metadata: {}, provenance: {}, checks: [] });
    expect(decideOn('[]').findings).toHaveLength(1);
  });
});
