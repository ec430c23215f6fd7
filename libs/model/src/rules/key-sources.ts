import type { JsonKey } from '../keys/index.ts';
import type { FieldName } from '../metadata/client-metadata.ts';
import { RFC7591_CLIENT_METADATA } from '../wire/specs.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Rule, Violation } from './rule.ts';

/** The members that give the keys of a client. */
export const KEY_SOURCES = ['jwks', 'jwks_uri', 'signed_jwks_uri'] as const satisfies readonly FieldName[];

export const KEY_SOURCE_RULES: readonly Rule[] = [
  {
    /** A client has jwks or jwks_uri, not both. */
    id: 'keys-one-source',
    specification: RFC7591_CLIENT_METADATA,
    reads: ['jwks', 'jwks_uri'],
    check: ({ metadata: { jwks, jwks_uri } }) =>
      jwks !== undefined && jwks_uri !== undefined
        ? { result: 'keySourcesConflict', members: ['jwks', 'jwks_uri'] }
        : undefined,
  },
];

/** A use of keys that the client registers. */
interface KeyNeed {
  /** The reason, as a clause: `token_endpoint_auth_method is private_key_jwt`. */
  readonly because: string;
  readonly member: FieldName;
  readonly isMetBy: (key: JsonKey) => boolean;
  /** A description of a key that meets the need: `a key for RS256`. */
  readonly key: string;
}

/** The violation if the client has no keys, or if no key in `jwks` meets the need. Keys at a URI are not known, so they are accepted. */
export function missingKey(client: ClientFacts, { because, member, isMetBy, key }: KeyNeed): Violation | undefined {
  if (client.hasKeysByReference) return undefined;
  const { keys } = client;
  if (keys === undefined || keys.length === 0) {
    return {
      result: 'memberMissing',
      members: ['jwks_uri', 'jwks', member],
      detail: `must be present, or jwks with ${key}, because ${because}.`,
    };
  }
  if (keys.some(isMetBy)) return undefined;
  return {
    result: 'keyUnfit',
    members: ['jwks', member],
    detail: `has no suitable key, but ${because}; add ${key}.`,
  };
}
