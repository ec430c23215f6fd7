import { canEncrypt } from '../keys/index.ts';
import { FIELDS, type FieldName } from '../metadata/client-metadata.ts';
import { OIDC_CLIENT_METADATA, OIDC_ENCRYPTION } from '../wire/specs.ts';
import { keyPairAlgorithm, membersWith } from './algorithms.ts';
import { KEY_SOURCES, missingKey } from './key-sources.ts';
import type { Rule } from './rule.ts';

/** Each member that names a content encryption algorithm, with the member that names its key management algorithm. */
const CONTENT_ENCRYPTIONS = FIELDS.flatMap(([name, { algorithm }]) =>
  algorithm !== undefined && 'contentOf' in algorithm ? [[name, algorithm.contentOf as FieldName] as const] : [],
);

const ENCRYPTED_TO_CLIENT = membersWith((use) => 'encryptsTo' in use && use.encryptsTo === 'client');

export const ENCRYPTION_RULES: readonly Rule[] = [
  ...CONTENT_ENCRYPTIONS.map(([content, management]): Rule => ({
    /** A content encryption algorithm needs the key management algorithm. */
    id: 'encryption-needs-algorithm',
    specification: OIDC_CLIENT_METADATA,
    reads: [content, management],
    check: ({ metadata }) =>
      metadata[content] !== undefined && metadata[management] === undefined
        ? {
            result: 'encryptionAlgorithmMissing',
            members: [content, management],
            detail: `must not be present without ${management}; add ${management}, or omit ${content}.`,
          }
        : undefined,
  })),
  ...ENCRYPTED_TO_CLIENT.map((member): Rule => ({
    /** If the server encrypts to a client, the client registers a public key for the algorithm. */
    id: 'keys-for-encryption',
    specification: OIDC_ENCRYPTION,
    reads: [member, ...KEY_SOURCES],
    check(client) {
      const algorithm = keyPairAlgorithm(client, member);
      if (algorithm === undefined) return undefined;
      return missingKey(client, {
        because: `${member} is ${algorithm}`,
        member,
        isMetBy: (key) => canEncrypt(key, algorithm),
        key: `a key for ${algorithm}`,
      });
    },
  })),
];
