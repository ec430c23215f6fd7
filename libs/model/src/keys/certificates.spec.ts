import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { keyProblem } from './index.ts';

/** A self-signed certificate of an Ed25519 key. */
const CERTIFICATE = [
  'MIIBLjCB4aADAgECAhQqB+MnkRiwWlL2LiMa/H6Cx91h3jAFBgMrZXAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcyMDM4MjJaGA8yMTI2MTEwMzIwMzgyMlow',
  'DDEKMAgGA1UEAwwBYTAqMAUGAytlcAMhADHWUvwVWDLcNXTV1jT8fxYItA+t7aXjr3MURx+sjXDdo1MwUTAdBgNVHQ4EFgQULoNm6mbGHLMQ7XWshVS4NLwT',
  'vUcwHwYDVR0jBBgwFoAULoNm6mbGHLMQ7XWshVS4NLwTvUcwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBCWw+BnV14hZTbn2g6nMOAAt7aNls+7wV8VLc3',
  'ds9T3Cl7qI9AiNHBYROxLN7iNy3w2dmvvnhY6qZWD6/HGmgB',
].join('');
const DER = Buffer.from(CERTIFICATE, 'base64');

const BASE64 = 'is not base64; use base64 (not base64url) with padding and without line breaks.';
const WHOLE = 'is not a certificate in DER; use the complete certificate without other data.';

const problemOf = (member: string, value: unknown) => keyProblem({ kty: 'AKP', [member]: value });
const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64');
const sequence = (header: number[], length: number): string =>
  Buffer.concat([Buffer.from([0x30, ...header]), Buffer.alloc(length)]).toString('base64');

it.each([
  [null, '', 'is not an array; use an array of certificates, or omit the member.'],
  [CERTIFICATE, '', 'is not an array; use an array of certificates, or omit the member.'],
  [[], '', 'is empty; use at least one certificate, or omit the member.'],
  [[CERTIFICATE, 1], '[1]', 'is not a string; use a certificate in base64.'],
  [[CERTIFICATE, ''], '[1]', BASE64],
  [[DER.toString('base64url')], '[0]', BASE64],
  [[`${CERTIFICATE.slice(0, 64)}\n${CERTIFICATE.slice(64)}`], '[0]', BASE64],
  [[`-----BEGIN CERTIFICATE-----${CERTIFICATE}-----END CERTIFICATE-----`], '[0]', BASE64],
  [[CERTIFICATE, CERTIFICATE.slice(4)], '[1]', WHOLE],
  [[CERTIFICATE.slice(0, -4)], '[0]', WHOLE],
  [[CERTIFICATE + CERTIFICATE], '[0]', WHOLE],
])('refuses the x5c %j (RFC 7517 section 4.7)', (x5c, at, detail) => {
  expect(problemOf('x5c', x5c)).toEqual({ rule: 'key-certificates', at: `.x5c${at}`, detail });
});

it('accepts certificates (RFC 7517 section 4.7)', () => {
  expect(new X509Certificate(DER).subject).toBe('CN=a');
  expect(problemOf('x5c', [CERTIFICATE])).toBeUndefined();
  expect(problemOf('x5c', [CERTIFICATE, CERTIFICATE])).toBeUndefined();
});

it.each([
  [sequence([0], 0), true],
  [sequence([127], 127), true],
  [sequence([0x81, 128], 128), true],
  [sequence([0x82, 1, 0], 256), true],
  [sequence([0x83, 1, 0, 0], 65536), true],
  [sequence([0x81, 127], 127), false],
  [sequence([0x82, 0, 128], 128), false],
  [sequence([0x80], 2), false],
  [sequence([128], 128), false],
  [sequence([0xff], 127), false],
  [sequence([0x85, 0, 0, 0, 0, 1], 1), false],
  [base64(0x30), false],
  [base64(0x30, 0x82), false],
  [base64(0x30, 0x82, 1), false],
  [base64(0x31, 0), false],
])('checks the length of a DER SEQUENCE (X.690 section 10.1), example %#', (certificate, accepted) => {
  expect(problemOf('x5c', [certificate]) === undefined).toBe(accepted);
});

it('accepts every damaged certificate that OpenSSL still reads', () => {
  fc.assert(
    fc.property(fc.nat(DER.length - 1), fc.nat(255), (index, byte) => {
      const damaged = Buffer.from(DER).fill(byte, index, index + 1);
      let parses = true;
      try {
        new X509Certificate(damaged);
      } catch {
        parses = false;
      }
      if (parses) expect(problemOf('x5c', [damaged.toString('base64')])).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

it.each(['https://client.example/key.pem', 'HTTPS://client.example', 'https://[::1]:8443/key'])(
  'accepts the x5u %s (RFC 7517 section 4.6)',
  (x5u) => {
    expect(problemOf('x5u', x5u)).toBeUndefined();
  },
);

it.each([
  null,
  1,
  '',
  'http://client.example',
  'https:',
  'https://',
  '/key.pem',
  ' https://client.example',
  'https://a b',
])('refuses the x5u %j (RFC 7517 section 4.6)', (x5u) => {
  expect(problemOf('x5u', x5u)).toEqual({
    rule: 'key-certificate-url',
    at: '.x5u',
    detail: 'is not an https URL; use one, or omit the member.',
  });
});
