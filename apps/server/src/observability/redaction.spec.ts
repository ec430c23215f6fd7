import fc from 'fast-check';
import { newClientSecret, newToken } from '../crypto/token.ts';
import { redactor } from './redaction.ts';

const redact = redactor(['a-known-secret', 'short']);

describe('redaction', () => {
  it.each([
    ['{"token":"abc"}', '{"token":"[redacted]"}'],
    ['{"a":{"b":[{"clientSecret":"abc"}]}}', '{"a":{"b":[{"clientSecret":"[redacted]"}]}}'],
    ['{"registration_access_token":"a\\"b","c":1}', '{"registration_access_token":"[redacted]","c":1}'],
    [
      '{"headers":{"Authorization":"x","Cookie":"y"}}',
      '{"headers":{"Authorization":"[redacted]","Cookie":"[redacted]"}}',
    ],
    ['{"json":"{\\"client_name\\":\\"x\\"}"}', '{"json":"[redacted]"}'],
    ['{"msg":"body {\\"token\\":\\"abc\\"}"}', '{"msg":"body {\\"token\\":\\"[redacted]\\"}"}'],
    ['{"url":"/x?access_token=abc&y=1"}', '{"url":"/x?access_token=[redacted]&y=1"}'],
    ['{"msg":"sent Bearer abc-def, got 401"}', '{"msg":"sent Bearer [redacted], got 401"}'],
    ['{"msg":"Basic dXNlcjpwYXNz"}', '{"msg":"Basic [redacted]"}'],
    ['{"msg":"postgres://user:pass@db:5432/x"}', '{"msg":"postgres://[redacted]@db:5432/x"}'],
    ['{"msg":"in eyJhbGciOiJub25lIn0.e30. it"}', '{"msg":"in [redacted] it"}'],
    ['{"msg":"in\\neyJhbGciOiJub25lIn0.e30. it"}', '{"msg":"in\\n[redacted] it"}'],
    ['{"msg":"it was a-known-secret"}', '{"msg":"it was [redacted]"}'],
    ['{"err":{"detail":"Failing row contains (1, abc)."}}', '{"err":{"detail":"[redacted]"}}'],
  ])('%s becomes %s', (line, redacted) => {
    expect(redact(line)).toBe(redacted);
    expect(() => JSON.parse(redact(line)) as unknown).not.toThrow();
  });

  it.each([
    '{"level":30,"time":1700000000000,"pid":1,"hostname":"h","reqId":"0b8a1f6e-94e1-4d4b-8f0c-0f2b6f4e4f3d","method":"POST","route":"/api/:serviceId/client/registration/update","status":200,"ms":1,"msg":"answered"}',
    '{"msg":"short words, and a 40-digit hash 0123456789012345678901234567890123456789"}',
  ])('does not change %s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('removes every token and client secret from any text', () => {
    const secret = fc.constantFrom(newToken, newClientSecret).map((create) => create());
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '"', '\\', '/', '.', ':', '{', 'é', '\n', '\t', '\u0001'),
    });
    fc.assert(
      fc.property(text, fc.constantFrom(' ', '\n', '"', '\u0002'), secret, text, (before, boundary, token, after) => {
        const line = JSON.stringify({ msg: `${before}${boundary}${token} ${after}` });
        expect(redact(line)).not.toContain(token);
        expect(() => JSON.parse(redact(line)) as unknown).not.toThrow();
      }),
    );
  });

  // A quadratic search does not end within the time limit of a test.
  it.each(['\\', 'eyJ-'])('ends for a line with %j 500,000 times', (text) => {
    const line = `token ${text.repeat(500_000)}`;

    expect(redact(line)).toBe(line);
  });

  it('returns valid JSON for every line', () => {
    const name = fc.constantFrom('token', 'msg', 'json', 'detail', 'x');
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue({ stringUnit: 'grapheme' })), name, (fields, key) => {
        const line = JSON.stringify({ ...fields, nested: { [key]: JSON.stringify(fields) } });
        expect(() => JSON.parse(redact(line)) as unknown).not.toThrow();
      }),
    );
  });
});
