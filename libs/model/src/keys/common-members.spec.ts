import { keyProblem, type JsonKey } from './index.ts';

const OKP: JsonKey = { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 1).toString('base64url') };

it.each([
  [undefined, 'is missing; each key has a "kty", for example "RSA", "EC" or "OKP".'],
  [null, 'is not a string; use for example "RSA", "EC" or "OKP".'],
  [['OKP'], 'is not a string; use for example "RSA", "EC" or "OKP".'],
  ['', 'is empty; use for example "RSA", "EC" or "OKP".'],
])('refuses the type %j (RFC 7517 section 4.1)', (kty, detail) => {
  expect(keyProblem({ ...OKP, kty })).toEqual({ rule: 'key-type', at: '.kty', detail });
});

it.each(['HS256', 'dir', 'A128KW', 'A256GCMKW', 'PBES2-HS512+A256KW'])('refuses a public key for %s', (alg) => {
  expect(keyProblem({ ...OKP, alg })).toEqual({
    rule: 'key-symmetric',
    at: '.alg',
    detail: `"${alg}" is a symmetric algorithm; use an algorithm for public keys, or omit the member.`,
  });
});

describe.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])('the private member %s', (member) => {
  it.each(['c2VjcmV0', '', 0, false, [], {}])('is refused as %j, and not repeated', (value) => {
    expect(keyProblem({ ...OKP, [member]: value })).toEqual({
      rule: 'key-private',
      at: `.${member}`,
      detail: 'is a private member; remove it: a JWK Set of a client has only public keys.',
    });
  });

  it('is refused as null, with its own message', () => {
    expect(keyProblem({ ...OKP, [member]: null })).toEqual({
      rule: 'key-private',
      at: `.${member}`,
      detail: `is null; remove the member: a public key has no "${member}".`,
    });
  });
});

it.each(['use', 'alg', 'kid', 'x5t', 'x5t#S256'])(
  'refuses a "%s" that is not a string (RFC 7517 section 4)',
  (member) => {
    for (const value of [null, 1, true, [], {}]) {
      expect(keyProblem({ ...OKP, [member]: value })).toEqual({
        rule: 'key-text',
        at: `.${member}`,
        detail: 'is not a string; use a string, or omit the member.',
      });
    }
  },
);

describe('key_ops (RFC 7517 section 4.3)', () => {
  it.each([
    ['verify', '', 'is not an array; use an array of strings, or omit the member.'],
    [null, '', 'is not an array; use an array of strings, or omit the member.'],
    [['verify', 1], '[1]', 'is not a string; use the name of an operation.'],
    [['verify', 'tls', 'verify'], '[2]', 'is given twice; name each operation once.'],
    [['sign', 'wrapKey'], '[1]', 'contradicts the "use" "sig" of the key; omit one of the two members.'],
  ])('%j is refused', (operations, at, detail) => {
    const problem = { rule: 'key-operations', at: `.key_ops${at}`, detail };
    expect(keyProblem({ ...OKP, use: 'sig', key_ops: operations })).toEqual(problem);
  });

  it.each([
    [[], 'sig'],
    [['verify'], 'sig'],
    [['sign', 'verify'], undefined],
    [['verify', 'encrypt'], undefined],
    [['verify', 'tls'], 'sig'],
    [['verify'], 'tls'],
    [['encrypt', 'wrapKey', 'deriveKey', 'deriveBits', 'decrypt', 'unwrapKey'], 'enc'],
  ])('%j is accepted with the use %j', (operations, use) => {
    expect(keyProblem({ ...OKP, use, key_ops: operations })).toBeUndefined();
  });
});
