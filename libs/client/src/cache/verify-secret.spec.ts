import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { FakeSource, resolved } from '../../test/source.ts';
import { rejection } from '../../test/support.ts';
import { ConnectionError } from '../errors.ts';
import type { SecretDigest } from '../models.ts';
import { ClientCache } from './client-cache.ts';
import { hasDigest } from './secret-digests.ts';

const outage = new ConnectionError(1, { cause: 'x' });

function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function digestOf(secret: string, expiresAt = 0): SecretDigest {
  return { sha256: sha256(secret), createdAt: 1_700_000_000, expiresAt };
}

/** A secret that only the server can verify. */
const opaque: SecretDigest = { createdAt: 1_700_000_000, expiresAt: 0 };

function create(secrets: SecretDigest[] | undefined) {
  const source = new FakeSource();
  source.resolveResult = resolved('v1', { secrets });
  return { source, cache: new ClientCache(source, { now: source.now }) };
}

describe('hasDigest', () => {
  it('accepts exactly the secrets whose digests are given', async () => {
    const secrets = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(secrets, async ([secret = '', ...others]) => {
        expect(
          await hasDigest(
            secret,
            others.map((each) => digestOf(each)),
          ),
        ).toBe(false);
        expect(
          await hasDigest(
            secret,
            [...others, secret].map((each) => digestOf(each)),
          ),
        ).toBe(true);
      }),
    );
  });

  it('refuses digests that are absent or have another length', async () => {
    const digests = ['', sha256('a').slice(1), `${sha256('a')}=`].map((digest) => ({ ...opaque, sha256: digest }));
    expect(await hasDigest('a', [opaque, ...digests])).toBe(false);
    expect(await hasDigest('a', [])).toBe(false);
  });
});

describe('a client secret', () => {
  it('is verified by its digest, without a request', async () => {
    const { cache, source } = create([digestOf('new'), digestOf('old', secondsAfterStart(60))]);
    expect([await cache.verifySecret('app', 'new'), await cache.verifySecret('app', 'old')]).toEqual([true, true]);
    expect([source.resolves.length, source.verifications.length]).toEqual([1, 0]);
  });

  it('is invalid from its expiry on', async () => {
    const { cache, source } = create([digestOf('new'), digestOf('old', secondsAfterStart(30))]);
    source.wait(29.999);
    expect(await cache.verifySecret('app', 'old')).toBe(true);
    source.wait(0.001);
    expect(await cache.verifySecret('app', 'old')).toBe(false);
  });

  it('of an unknown or locked client is invalid, as is one that is empty or too long', async () => {
    const { cache, source } = create([digestOf('s')]);
    for (const secret of ['', 'x'.repeat(2_049)]) expect(await cache.verifySecret('app', secret)).toBe(false);
    for (const action of ['NOT_FOUND', 'LOCKED'] as const) {
      source.resolveResult = { action };
      expect(await cache.verifySecret(action, 's')).toBe(false);
    }
    expect(source.verifications).toEqual([]);
  });
});

describe('after a mismatch', () => {
  it('the client is resolved once again, unless the copy is at most 1 s old', async () => {
    const { cache, source } = create([digestOf('old')]);
    await cache.resolve('app');
    source.wait(1);
    source.resolveResult = resolved('v2', { secrets: [digestOf('rotated')] });
    expect(await cache.verifySecret('app', 'rotated')).toBe(false);
    expect(source.resolves).toHaveLength(1);
    source.wait(0.001);
    expect(await cache.verifySecret('app', 'rotated')).toBe(true);
    expect(await cache.verifySecret('app', 'old')).toBe(false);
    expect(source.resolves.map(({ etag }) => etag)).toEqual([undefined, 'v1']);
  });

  it('the client may be locked by then', async () => {
    const { cache, source } = create([digestOf('s')]);
    await cache.resolve('app');
    source.wait(2);
    source.resolveResult = { action: 'LOCKED' };
    expect(await cache.verifySecret('app', 'wrong')).toBe(false);
    expect(await cache.verifySecret('app', 's')).toBe(false);
  });

  it('an outage does not change the result, and the API is asked once in a second', async () => {
    const { cache, source } = create([digestOf('s')]);
    await cache.resolve('app');
    source.wait(2);
    source.resolveResult = outage;
    for (let i = 0; i < 5; i++) expect(await cache.verifySecret('app', 'wrong')).toBe(false);
    expect(await cache.verifySecret('app', 's')).toBe(true);
    expect(source.resolves).toHaveLength(2);
  });
});

describe('a secret without a digest', () => {
  it.each<[string, SecretDigest[] | undefined]>([
    ['no secrets', undefined],
    ['one', [opaque]],
    ['one among others', [digestOf('other'), opaque]],
  ])('is verified by the API: %s', async (_, secrets) => {
    const { cache, source } = create(secrets);
    source.verifyResult = { action: 'OK', expiresAt: 0 };
    expect(await cache.verifySecret('app', 's')).toBe(true);
    for (const action of ['INVALID', 'NOT_FOUND', 'LOCKED'] as const) {
      source.verifyResult = { action };
      source.wait(2);
      expect(await cache.verifySecret('app', 's')).toBe(false);
    }
    expect(source.verifications).toEqual(Array(4).fill({ clientId: 'app', clientSecret: 's' }));
    expect(source.resolves).toHaveLength(1);
  });

  it('is not verified by the API if it has expired, or if another digest is equal', async () => {
    const { cache, source } = create([digestOf('s'), opaque]);
    expect(await cache.verifySecret('app', 's')).toBe(true);
    source.resolveResult = resolved('v2', { secrets: [{ ...opaque, expiresAt: 1 }] });
    cache.drop('app');
    expect(await cache.verifySecret('app', 's')).toBe(false);
    expect(source.verifications).toEqual([]);
  });

  it('rejects in an outage, and after an unknown action', async () => {
    const { cache, source } = create([opaque]);
    source.verifyResult = outage;
    expect(await rejection(cache.verifySecret('app', 's'))).toBe(outage);
    source.verifyResult = { action: 'NEW' } as never;
    expect(await rejection(cache.verifySecret('app', 's'))).toMatchObject({ name: 'ClienteleError' });
  });
});

/** A time in seconds since 1970, this many seconds after the start of the source. */
function secondsAfterStart(seconds: number): number {
  return new FakeSource().time / 1_000 + seconds;
}
