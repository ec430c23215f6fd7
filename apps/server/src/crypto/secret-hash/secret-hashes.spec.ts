import { checkSecretHash } from './check-secret-hash.ts';
import { SCHEMES } from './schemes.ts';
import { SecretHashes } from './secret-hashes.ts';
import { OverloadError } from '../../shares/overload-error.ts';

const SECRET = 's3cr3t-Example_0001';

/** Hashes of the secret by the programs that use the scheme. */
const HASHES = [
  'ory-pbkdf2:$pbkdf2-sha256$i=25000,l=32$AAECAwQFBgcICQoLDA0ODw$hdElQ1QULqV3lLUNGyqYPsodwO89QgqOn10Liw2uNyc',
  'ory-pbkdf2:$pbkdf2-sha384$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$KCPRoMQYzYVP1JXouF1AczBP8GVnVFCmps0d9zUkd44',
  'bcrypt:$2b$04$sVqPTT.w8tymsCBkc3hQBOoSMchd0okRy0bCrih4c/HFSdmAExU9q',
  'bcrypt:$2y$04$sVqPTT.w8tymsCBkc3hQBOoSMchd0okRy0bCrih4c/HFSdmAExU9q',
  'argon2:$argon2id$v=19$m=16384,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$mX1zHm0Hf+w5vN1L1QHqucAJ5qNKTIT0xXFM8mKblMg',
  'spring:{bcrypt}$2a$04$sVqPTT.w8tymsCBkc3hQBOoSMchd0okRy0bCrih4c/HFSdmAExU9q',
  'spring:{pbkdf2}000102030405060741bbede5a89dc1c373bec02a57cb2a23af5265c92f1e3c12c4f212119187f825',
  'spring:{pbkdf2@SpringSecurity_v5_8}000102030405060708090a0b0c0d0e0f79039a1a511ee78f39298fa2f85e923a166c43c3a42b9b1de9d8323e681a1137',
  'spring:{scrypt@SpringSecurity_v5_8}$100801$AAECAwQFBgcICQoLDA0ODw==$99yJ+E1FYlGChbjz3J8O2tkTl93se95D+sVCtHqIhec=',
  'spring:{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$mX1zHm0Hf+w5vN1L1QHqucAJ5qNKTIT0xXFM8mKblMg',
  'spring:{sha256}000102030405060725704159830dbf8ebb295872080f3f65b85094e4708d24fb9a23a2c1cf21c89e',
  'spring:{SHA-256}{AAECAwQFBgc=}4f35da4c268e647dbe90b45ce6bd3849d5096baaadaef7fdc5de4f0297ea2b0a',
  'sha256-base64:NiGJT4sUNLbGO11/z+FgF2sSmdT2D5dipYVkoKm1uo0=',
  'sha512-base64:pyg5/VmS2XeeqC2UWsg+cehyPiYGEqgkSRbPOLUMeyJdYv2b16Q3zHAvZ/dtQoZ9npjKjYkuTI5PY11miWY2Vg==',
  'sha256-hex:3621894f8b1434b6c63b5d7fcfe160176b1299d4f60f9762a58564a0a9b5ba8d',
  'sha256-base64url:NiGJT4sUNLbGO11_z-FgF2sSmdT2D5dipYVkoKm1uo0',
  'django-pbkdf2:pbkdf2_sha256$600000$c2FsdHNhbHQ$EVgEQjK7dTjWkjNcvobVhJlmrT2la3BxD2BvbA7Rzns=',
  'aspnet-identity:AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/5uOZ1HMpuuUiL2OOtTO/+rztP+lGx1ic/s5KB6L8Bng==',
];

/** Hashes of `password` by passlib. */
const OF_PASSLIB = [
  'passlib-pbkdf2:$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI',
  'passlib-pbkdf2:$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ',
  'passlib-pbkdf2:$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
  'scrypt:$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
];

describe('a hash of a secret', () => {
  const hashes = new SecretHashes();

  afterAll(() => hashes.onModuleDestroy());

  const matches = (text: string, presented: string, owner = { serviceId: 1, clientId: 1 }) => {
    const hash = checkSecretHash(text);
    if ('problem' in hash) throw new Error(hash.problem);
    return hashes.matches(hash, presented, owner);
  };

  it.each([...HASHES.map((hash) => [hash, SECRET]), ...OF_PASSLIB.map((hash) => [hash, 'password'])])(
    '%s is that of its secret and of no other',
    async (hash, secret) => {
      expect(await matches(hash, secret)).toBe(true);
      for (const other of [`${secret}x`, secret.toUpperCase(), '', `${secret}\0`, `${secret}\0${secret}`])
        expect(await matches(hash, other)).toBe(false);
    },
  );

  it('of every scheme is tested', () => {
    const tested = [...HASHES, ...OF_PASSLIB].map((hash) => hash.split(':', 1)[0] ?? '');
    expect(Object.keys(SCHEMES).filter((scheme) => !tested.includes(scheme))).toEqual([]);
  });

  it('of bcrypt matches no secret with more than 72 bytes, because bcrypt ignores the rest', async () => {
    const hash = 'bcrypt:$2a$04$..CA.uOD/eaGAOmJB.yMBuIbwKfymVuMfASrmYBUytUgog5Nvtojy';
    expect(await matches(hash, 'a'.repeat(72))).toBe(true);
    expect(await matches(hash, `${'a'.repeat(72)}b`)).toBe(false);
    expect(await matches(hash, 'é'.repeat(37))).toBe(false);
  });

  const SALT = 'AAECAwQFBgcICQoLDA0ODw';
  const KEY = 'hdElQ1QULqV3lLUNGyqYPsodwO89QgqOn10Liw2uNyc';

  it.each([
    ['no scheme', KEY, 'must begin with a scheme'],
    ['an unknown scheme', `md5:${KEY}`, 'must begin with a scheme'],
    ['a name of JavaScript as scheme', `constructor:${KEY}`, 'must begin with a scheme'],
    ['too many characters', `bcrypt:${'x'.repeat(1000)}`, 'more than 1000 characters'],
    [
      'too many iterations',
      `ory-pbkdf2:$pbkdf2-sha256$i=1000001,l=32$${SALT}$${KEY}`,
      'its iterations must be 1 to 1000000',
    ],
    [
      'too many iterations for two blocks',
      `ory-pbkdf2:$pbkdf2-sha1$i=500001,l=32$${SALT}$${KEY}`,
      '1 to 500000, not 500001',
    ],
    ['no iterations', `passlib-pbkdf2:$pbkdf2-sha256$0$${SALT}$${KEY}`, 'its iterations must be'],
    ['another length than it says', `ory-pbkdf2:$pbkdf2-sha256$i=1000,l=31$${SALT}$${KEY}`, 'must have 31 bytes'],
    ['a short key', `ory-pbkdf2:$pbkdf2-sha256$i=1000,l=2$${SALT}$AAE`, 'the bytes of its key must be 16 to 64, not 2'],
    ['a long key', `passlib-pbkdf2:$pbkdf2-sha256$1000$${SALT}$${'A'.repeat(88)}`, 'must be 16 to 64, not 66'],
    [
      'a long salt',
      `django-pbkdf2:pbkdf2_sha256$1000$${'s'.repeat(129)}$${KEY}=`,
      'the bytes of its salt must be 1 to 128',
    ],
    ['an unknown digest', `ory-pbkdf2:$pbkdf2-md5$i=1000,l=32$${SALT}$${KEY}`, 'must be one of sha1, sha224'],
    ['a digest that the scheme does not have', `passlib-pbkdf2:$pbkdf2-sha384$1000$${SALT}$${KEY}`, 'must be one of'],
    ['the form of another scheme', `passlib-pbkdf2:$pbkdf2-sha256$i=1000,l=32$${SALT}$${KEY}`, 'must have the form'],
    [
      'padding where there is none',
      `ory-pbkdf2:$pbkdf2-sha256$i=1000,l=32$${SALT}==$${KEY}`,
      'not base64 without padding',
    ],
    ['a bcrypt cost above 14', `bcrypt:$2b$15$${'.'.repeat(53)}`, 'its cost must be 4 to 14, not 15'],
    ['a bcrypt cost below 4', `spring:{bcrypt}$2a$03$${'.'.repeat(53)}`, 'its cost must be 4 to 14, not 3'],
    ['an old version of bcrypt', `bcrypt:$2x$10$${'.'.repeat(53)}`, 'must have the form'],
    [
      'much memory for Argon2',
      `argon2:$argon2id$v=19$m=65537,t=2,p=1$${SALT}$${KEY}`,
      'its memory in KiB (m) must be 8 to 65536',
    ],
    [
      'many iterations of Argon2',
      `argon2:$argon2i$v=19$m=1024,t=11,p=1$${SALT}$${KEY}`,
      'its iterations (t) must be 1 to 10',
    ],
    [
      'many lanes of Argon2',
      `argon2:$argon2id$v=19$m=1024,t=1,p=5$${SALT}$${KEY}`,
      'its parallelism (p) must be 1 to 4',
    ],
    ['a short salt of Argon2', `argon2:$argon2id$v=19$m=1024,t=1,p=1$AAEC$${KEY}`, 'its salt must be 8 to 128'],
    ['Argon2d', `argon2:$argon2d$v=19$m=1024,t=1,p=1$${SALT}$${KEY}`, 'must have the form'],
    ['much memory for scrypt', `scrypt:$scrypt$ln=17,r=8,p=1$${SALT}$${KEY}`, 'the bytes of memory'],
    ['a large N of scrypt', `scrypt:$scrypt$ln=999999999,r=8,p=1$${SALT}$${KEY}`, 'the logarithm of its cost (N)'],
    ['an N of scrypt that r does not allow', `scrypt:$scrypt$ln=16,r=1,p=1$${SALT}$${KEY}`, 'must be 1 to 15, not 16'],
    ['many lanes of scrypt', `scrypt:$scrypt$ln=16,r=8,p=3$${SALT}$${KEY}`, 'its parallelism (p) must be 1 to 2'],
    ['much memory for scrypt of Spring', `spring:{scrypt}$110801$${SALT}==$${KEY}=`, 'the bytes of memory'],
    ['a secret in the clear', 'spring:{noop}secret', 'send that as clientSecret'],
    ['an encoder that cannot be verified', 'spring:{ldap}{SSHA}x', 'its encoder must be one of'],
    ['a short {sha256}', 'spring:{sha256}00', 'a salt of 8 bytes'],
    ['a short SHA-256', 'sha256-hex:00', 'it must have 32 bytes'],
    ['SHA-512 as SHA-256', `sha256-base64:${'A'.repeat(86)}==`, 'not 64'],
    ['other characters', `sha256-hex:${'g'.repeat(64)}`, 'not hexadecimal'],
    ['version 2 of ASP.NET Identity', `aspnet-identity:${'A'.repeat(68)}`, 'in version 3'],
    ['many iterations in ASP.NET Identity', `aspnet-identity:AQAAAAH/////${'A'.repeat(72)}`, 'must be'],
    ['nothing', 'aspnet-identity:', 'in version 3'],
  ])('with %s is refused', (_what, text, problem) => {
    const checked = checkSecretHash(text);
    expect(checked).toEqual({ problem: expect.stringContaining(problem) as string });
    expect((checked as { problem: string }).problem).not.toContain(KEY);
  });

  it('that was stored by another version is that of no secret', async () => {
    expect(await hashes.matches({ scheme: 'bcrypt', value: 'x' }, 'x', { serviceId: 1, clientId: 1 })).toBe(false);
    expect(await hashes.matches({ scheme: 'unknown', value: 'x' }, 'x', { serviceId: 1, clientId: 1 })).toBe(false);
  });

  it('is verified again after its thread ended', async () => {
    await hashes.onModuleDestroy();
    expect(await matches(HASHES[2]!, SECRET)).toBe(true);
  });

  /** The number of verifications that are accepted at once, each with another secret. */
  async function acceptedOf(owners: readonly { readonly serviceId: number; readonly clientId: number }[]) {
    const outcomes = await Promise.allSettled(owners.map((owner, i) => matches(HASHES[0]!, `wrong${i}`, owner)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const error of refused) expect(error).toBeInstanceOf(OverloadError);
    expect(await matches(HASHES[0]!, SECRET, owners[0])).toBe(true);
    return outcomes.length - refused.length;
  }

  it.each([
    ['in all', 34, (i: number) => ({ serviceId: i, clientId: i })],
    ['of one service', 16, (i: number) => ({ serviceId: 1, clientId: i })],
    ['of one client', 4, () => ({ serviceId: 1, clientId: 1 })],
    ['of clients with one number in different services', 34, (i: number) => ({ serviceId: i, clientId: 1 })],
  ])('is refused beyond the number of verifications that run or wait: %s', async (_what, most, ownerOf) => {
    expect(await acceptedOf(Array.from({ length: 40 }, (_, i) => ownerOf(i)))).toBe(most);
  });

  it('is verified once for concurrent calls with the same secret', async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => matches(HASHES[0]!, SECRET)));
    expect(outcomes).toEqual(Array(40).fill(true));
  });
});
