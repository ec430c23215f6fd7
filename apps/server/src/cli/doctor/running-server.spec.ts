import { packageVersion } from '../../files/package-version.ts';
import { reasonsIn, versionFinding } from './running-server.ts';

const NO_TEXT = { toString: 1, valueOf: 1 };

describe('versionFinding', () => {
  it.each<[unknown, string, RegExp]>([
    [packageVersion(), 'ok', /as this command\.$/],
    ['\u001b[31m9', 'warning', /has version \ufffd\[31m9, and this command/],
    ['9'.repeat(1_000), 'warning', /has version 9{200}\.\.\., and this command/],
    [NO_TEXT, 'warning', /\/openapi\.json is unexpected: its version is not a string\.$/],
    [undefined, 'warning', /\/openapi\.json is unexpected/],
  ])('for %j is %s', (version, result, seen) => {
    expect(versionFinding('http://a.example', version)).toMatchObject({
      check: 'server',
      result,
      seen: expect.stringMatching(seen) as string,
    });
  });
});

describe('reasonsIn', () => {
  it.each<[unknown, string]>([
    [{ reasons: { a: 'First.', b: 'Second.' } }, 'First. Second.'],
    [{ reasons: { a: NO_TEXT, b: 'Second.' } }, 'Second.'],
    [{ reasons: { a: NO_TEXT } }, 'it gives no reason.'],
    [[], 'it gives no reason.'],
  ])('reads %j', (body, reasons) => {
    expect(reasonsIn(body)).toBe(reasons);
  });
});
