import { FIELDS, type ClientMetadata } from '@clientele/model/metadata';
import { isSymmetric } from '../client-credentials.ts';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';

type Members = Readonly<Record<string, unknown>>;

const NAMES = FIELDS.map(([name]) => name);

/** Each member that names a content encryption algorithm, with the one that names its key management algorithm. */
const ENCRYPTIONS = NAMES.filter((name) => name.endsWith('_enc')).map(
  (enc) => [enc, enc.replace(/_enc$/, '_alg')] as const,
);

/** A member `*_enc` MUST NOT be there without its `*_alg`. */
export const encryptionNeedsAlgorithm: Rule = {
  spec: OIDC_CLIENT_METADATA,
  check(metadata) {
    const members = metadata as Members;
    const [enc, alg] = ENCRYPTIONS.find(([enc, alg]) => members[enc] !== undefined && members[alg] === undefined) ?? [];
    return enc === undefined || alg === undefined
      ? undefined
      : invalidMetadata('encryptionAlgorithmMissing', { member: enc, expected: alg });
  },
};

/** Members by which the server encrypts to the client. */
const TO_THE_CLIENT = NAMES.filter((name) => name.endsWith('_encrypted_response_alg'));

/** The server can only encrypt with a public key of the client that it has been given. */
export const encryptionNeedsKeys: Rule = {
  spec: 'https://openid.net/specs/openid-connect-core-1_0.html#Encryption',
  check(metadata) {
    if (metadata.jwks !== undefined || metadata.jwks_uri !== undefined || metadata.signed_jwks_uri !== undefined)
      return undefined;
    const members = metadata as Members;
    const member = TO_THE_CLIENT.find((name) => members[name] !== undefined && !isSymmetric(members[name]));
    return member === undefined
      ? undefined
      : invalidMetadata('memberMissing', {
          member: 'jwks_uri',
          expected: `or 'jwks', since '${member}' names an algorithm with a public key.`,
        });
  },
};

/** Symmetric algorithms take the client secret for their key, which a public client does not have. */
export const symmetricNeedsSecret: Rule = {
  spec: 'https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy',
  check(metadata) {
    if (metadata.token_endpoint_auth_method !== 'none') return undefined;
    const members = metadata as Members;
    const member = NAMES.find((name) => name.endsWith('_alg') && isSymmetric(members[name]));
    return member === undefined
      ? undefined
      : invalidMetadata('algorithmUnfit', {
          member,
          expected: "a client whose 'token_endpoint_auth_method' is 'none' has no secret to use it with.",
        });
  },
};

/** An ID token that leaves the authorization endpoint MUST be signed. */
export const frontChannelIdTokensAreSigned: Rule = {
  spec: OIDC_CLIENT_METADATA,
  check({ id_token_signed_response_alg, response_types = [] }: ClientMetadata) {
    const exposed = response_types.some((type) => type.split(' ').includes('id_token'));
    return exposed && id_token_signed_response_alg === 'none'
      ? invalidMetadata('algorithmUnfit', {
          member: 'id_token_signed_response_alg',
          expected: "not 'none' with a response type that contains 'id_token'.",
        })
      : undefined;
  },
};

/** A client whose requests MUST be signed cannot register that it does not sign them (RFC 9101 section 10.5). */
export const requiredSignatureIsOne: Rule = {
  spec: 'https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5',
  check: ({ require_signed_request_object, request_object_signing_alg }) =>
    require_signed_request_object === true && request_object_signing_alg === 'none'
      ? invalidMetadata('algorithmUnfit', {
          member: 'request_object_signing_alg',
          expected: "not 'none' with 'require_signed_request_object'.",
        })
      : undefined,
};
