import type { Comparison } from './comparison.ts';
import { base64, base64url, hex, passlibBase64, rawBase64 } from './encodings.ts';
import { digestHash } from './fast-hashes.ts';
import { expectForm, HashProblem } from './hash-problem.ts';
import { springHash } from './spring-hashes.ts';
import { argon2Hash, bcryptHash, digestNamed, pbkdf2Hash, scryptHash, type Pbkdf2Hash } from './slow-hashes.ts';

interface Scheme {
  /** The programs that store such hashes. */
  readonly usedBy: string;
  /** The form of a hash, for the documentation. */
  readonly form: string;
  /** Reads a hash. Throws `HashProblem` if it has another form or costs too much. */
  readonly read: (text: string) => Comparison;
}

/**
 * The schemes of hashes, by the name that is stored with a hash. The same text means different things in different programs, so a
 * scheme is never guessed.
 */
export const SCHEMES: Readonly<Record<string, Scheme>> = {
  'ory-pbkdf2': { usedBy: 'Ory Hydra 2', form: '$pbkdf2-sha256$i=25000,l=32$salt$key', read: oryPbkdf2 },
  'passlib-pbkdf2': { usedBy: 'passlib, Zitadel', form: '$pbkdf2-sha256$29000$salt$key', read: passlibPbkdf2 },
  'django-pbkdf2': { usedBy: 'Django', form: 'pbkdf2_sha256$600000$salt$key', read: djangoPbkdf2 },
  'aspnet-identity': { usedBy: 'OpenIddict, ASP.NET Core Identity 3', form: 'base64', read: aspnetIdentity },
  bcrypt: { usedBy: 'Ory Hydra 1, Spring, Zitadel, Doorkeeper', form: '$2b$10$...', read: bcryptHash },
  argon2: { usedBy: 'Ory, Spring', form: '$argon2id$v=19$m=16384,t=2,p=1$salt$key', read: argon2Hash },
  scrypt: { usedBy: 'passlib, Zitadel', form: '$scrypt$ln=16,r=8,p=1$salt$key', read: phcScrypt },
  spring: { usedBy: 'Spring Authorization Server', form: '{encoder}hash', read: springHash },
  'sha256-base64': {
    usedBy: 'Duende IdentityServer',
    form: '44 characters of base64',
    read: (text) => digestHash('sha256', base64(text)),
  },
  'sha512-base64': {
    usedBy: 'Duende IdentityServer',
    form: '88 characters of base64',
    read: (text) => digestHash('sha512', base64(text)),
  },
  'sha256-hex': {
    usedBy: 'workers-oauth-provider, Doorkeeper',
    form: '64 hexadecimal digits',
    read: (text) => digestHash('sha256', hex(text)),
  },
  'sha256-base64url': {
    usedBy: 'Better Auth',
    form: '43 characters of base64url',
    read: (text) => digestHash('sha256', base64url(text)),
  },
};

/** Ory calls the functions of SHA-3 for `sha224` and `sha384`. */
const ORY_DIGESTS = {
  sha1: 'sha1',
  sha224: 'sha3-224',
  sha256: 'sha256',
  sha384: 'sha3-384',
  sha512: 'sha512',
} as const satisfies Readonly<Record<string, Pbkdf2Hash['digest']>>;

function oryPbkdf2(text: string): Comparison {
  const [digest = '', iterations = '', length = '', salt = '', encodedKey = ''] = expectForm(
    text,
    /^\$pbkdf2-([a-z0-9]+)\$i=(\d{1,9}),l=(\d{1,3})\$([^$]+)\$([^$]+)$/,
    '$pbkdf2-digest$i=iterations,l=bytes$salt$key',
  );
  const key = rawBase64(encodedKey);
  if (key.length !== Number(length)) throw new HashProblem(`its key must have ${length} bytes, as it says.`);
  return pbkdf2Hash({
    digest: digestNamed<Pbkdf2Hash['digest']>(digest, ORY_DIGESTS),
    iterations: Number(iterations),
    salt: rawBase64(salt),
    key,
  });
}

function passlibPbkdf2(text: string): Comparison {
  const [digest = '', iterations = '', salt = '', key = ''] = expectForm(
    text,
    /^\$pbkdf2(-[a-z0-9]+)?\$(\d{1,9})\$([^$]+)\$([^$]+)$/,
    '$pbkdf2-digest$iterations$salt$key',
  );
  return pbkdf2Hash({
    // The name without a digest stands for SHA-1.
    digest: digestNamed<Pbkdf2Hash['digest']>(digest.slice(1) || 'sha1', {
      sha1: 'sha1',
      sha256: 'sha256',
      sha512: 'sha512',
    }),
    iterations: Number(iterations),
    salt: passlibBase64(salt),
    key: passlibBase64(key),
  });
}

/** The salt is the text itself. */
function djangoPbkdf2(text: string): Comparison {
  const [digest = '', iterations = '', salt = '', key = ''] = expectForm(
    text,
    /^pbkdf2_([a-z0-9]+)\$(\d{1,9})\$([^$]+)\$([^$]+)$/,
    'pbkdf2_digest$iterations$salt$key',
  );
  return pbkdf2Hash({
    digest: digestNamed<Pbkdf2Hash['digest']>(digest, { sha1: 'sha1', sha256: 'sha256' }),
    iterations: Number(iterations),
    salt: Buffer.from(salt),
    key: base64(key),
  });
}

const ASPNET_HEADER_BYTES = 13;
const ASPNET_DIGESTS = { 0: 'sha1', 1: 'sha256', 2: 'sha512' } as const;

/** Version 3: the byte 1, then the digest, the iterations and the bytes of the salt as numbers of 32 bits, the salt and the key. */
function aspnetIdentity(text: string): Comparison {
  const bytes = base64(text);
  if (bytes.length < ASPNET_HEADER_BYTES || bytes[0] !== 1)
    throw new HashProblem('it must be a password hash of ASP.NET Core Identity in version 3.');
  const [digest = 0, iterations = 0, saltBytes = 0] = [1, 5, 9].map((offset) => bytes.readUInt32BE(offset));
  const end = ASPNET_HEADER_BYTES + saltBytes;
  return pbkdf2Hash({
    digest: digestNamed<Pbkdf2Hash['digest']>(String(digest), ASPNET_DIGESTS),
    iterations,
    salt: bytes.subarray(ASPNET_HEADER_BYTES, end),
    key: bytes.subarray(end),
  });
}

function phcScrypt(text: string): Comparison {
  const [cost = '', blockSize = '', parallelism = '', salt = '', key = ''] = expectForm(
    text,
    /^\$scrypt\$ln=(\d{1,9}),r=(\d{1,9}),p=(\d{1,9})\$([^$]+)\$([^$]+)$/,
    '$scrypt$ln=...,r=...,p=...$salt$key',
  );
  return scryptHash({
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: rawBase64(salt),
    key: rawBase64(key),
  });
}
