import { isIP } from 'node:net';
import { ASYMMETRIC_ALG, type ClientMetadata } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const SUBJECT_MEMBERS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const satisfies readonly (keyof ClientMetadata)[];

const RFC8705_PKI = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2';

/** A client that uses `tls_client_auth` MUST have exactly one expected subject; no client has use for two. */
export const oneCertificateSubject: Rule = {
  spec: RFC8705_PKI,
  check(metadata) {
    const subjects = SUBJECT_MEMBERS.filter((member) => metadata[member] !== undefined).length;
    if (subjects > 1) return invalidMetadata('certificateSubjectsConflict');
    return subjects === 0 && metadata.token_endpoint_auth_method === 'tls_client_auth'
      ? invalidMetadata('certificateSubjectMissing')
      : undefined;
  },
};

/** The expected IP address is one, in dotted decimal or colon-delimited hexadecimal. */
export const certificateAddressIsOne: Rule = {
  spec: RFC8705_PKI,
  check: ({ tls_client_auth_san_ip: address }) =>
    // A zone (fe80::1%eth0) means something on one machine only.
    address !== undefined && (isIP(address) === 0 || address.includes('%'))
      ? invalidMetadata('valueInvalid', { member: 'tls_client_auth_san_ip', expected: 'an IPv4 or IPv6 address.' })
      : undefined,
};

/** An attribute of a relative distinguished name: its type by name or number, and its value with special characters escaped. */
const ATTRIBUTE = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)=(?:[^,+"\\<>;\0]|\\[ "#+,;<=>\\]|\\[0-9A-Fa-f]{2})*`;
/** distinguishedName, RFC 4514 section 3; blanks behind a separator, which RFC 2253 let be, are in wide use. */
const DISTINGUISHED_NAME = new RegExp(`^${ATTRIBUTE}(?:[,+] *${ATTRIBUTE})*$`);

/** The expected subject is a distinguished name in the string representation of RFC 4514. */
export const certificateSubjectIsOne: Rule = {
  spec: RFC8705_PKI,
  check: ({ tls_client_auth_subject_dn: subject }) =>
    subject !== undefined && !DISTINGUISHED_NAME.test(subject)
      ? invalidMetadata('distinguishedNameInvalid')
      : undefined,
};

const METHODS_WITH_KEYS = new Set<string | undefined>(['private_key_jwt', 'self_signed_tls_client_auth']);

/** A client that authenticates with a key of its own registers the public key (RFC 7523 section 3, RFC 8705 section 2.2.2). */
export const keysForTheirMethods: Rule = {
  spec: 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2.2',
  check({ token_endpoint_auth_method: method, jwks, jwks_uri, signed_jwks_uri }) {
    if (!METHODS_WITH_KEYS.has(method) || jwks !== undefined || jwks_uri !== undefined || signed_jwks_uri !== undefined)
      return undefined;
    return invalidMetadata('memberMissing', {
      member: 'jwks_uri',
      expected: `or 'jwks', since the client authenticates with a key of its own.`,
    });
  },
};

/** `client_secret_jwt` signs with the client secret, `private_key_jwt` with a private key. */
export const signingAlgorithmOfMethod: Rule = {
  spec: 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata',
  check({ token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm }) {
    if (algorithm === undefined || (method !== 'client_secret_jwt' && method !== 'private_key_jwt')) return undefined;
    const fits = Object.hasOwn(ASYMMETRIC_ALG, algorithm) === (method === 'private_key_jwt');
    return fits
      ? undefined
      : invalidMetadata('algorithmUnfit', {
          member: 'token_endpoint_auth_signing_alg',
          expected: 'HS* for client_secret_jwt, others for private_key_jwt.',
        });
  },
};
