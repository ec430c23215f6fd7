import type { Comparison } from './comparison.ts';
import { base64, hex } from './encodings.ts';
import { springDigestHash, springStandardHash } from './fast-hashes.ts';
import { expectForm, HashProblem } from './hash-problem.ts';
import { argon2Hash, bcryptHash, pbkdf2Hash, scryptHash, type Pbkdf2Hash } from './slow-hashes.ts';

/** The hash behind each prefix of Spring's `DelegatingPasswordEncoder`. */
const PREFIXES: Readonly<Record<string, (text: string) => Comparison>> = {
  bcrypt: bcryptHash,
  pbkdf2: springPbkdf2({ digest: 'sha1', iterations: 185_000, saltBytes: 8 }),
  'pbkdf2@SpringSecurity_v5_8': springPbkdf2({ digest: 'sha256', iterations: 310_000, saltBytes: 16 }),
  scrypt: springScrypt,
  'scrypt@SpringSecurity_v5_8': springScrypt,
  argon2: argon2Hash,
  'argon2@SpringSecurity_v5_8': argon2Hash,
  sha256: springStandardHash,
  'SHA-256': springDigestHash('sha256'),
  'SHA-1': springDigestHash('sha1'),
  MD5: springDigestHash('md5'),
};

/** A hash with the prefix of its encoder in braces. */
export function springHash(text: string): Comparison {
  const [prefix = '', payload = ''] = expectForm(text, /^\{([^{}]*)\}(.*)$/s, '{encoder}hash');
  if (prefix === 'noop') throw new HashProblem('{noop} precedes a secret in the clear; send that as clientSecret.');
  const read = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
  if (read === undefined) throw new HashProblem(`its encoder must be one of ${Object.keys(PREFIXES).join(', ')}.`);
  return read(payload);
}

function springPbkdf2({
  digest,
  iterations,
  saltBytes,
}: Pick<Pbkdf2Hash, 'digest' | 'iterations'> & { readonly saltBytes: number }): (text: string) => Comparison {
  return (text) => {
    const bytes = hex(text);
    return pbkdf2Hash({ digest, iterations, salt: bytes.subarray(0, saltBytes), key: bytes.subarray(saltBytes) });
  };
}

/** `$parameters$salt$key`. The parameters are hexadecimal: the logarithm of N, then r and p with two digits each. */
function springScrypt(text: string): Comparison {
  const [cost = '', blockSize = '', parallelism = '', salt = '', key = ''] = expectForm(
    text,
    /^\$([0-9a-f]{1,2})([0-9a-f]{2})([0-9a-f]{2})\$([^$]+)\$([^$]+)$/,
    '$parameters$salt$key',
  );
  return scryptHash({
    cost: Number.parseInt(cost, 16),
    blockSize: Number.parseInt(blockSize, 16),
    parallelism: Number.parseInt(parallelism, 16),
    salt: base64(salt),
    key: base64(key),
  });
}
