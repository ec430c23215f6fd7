import type { FieldName } from '../metadata/client-metadata.ts';
import { quote } from '../text/quote.ts';
import { readIpv4, readIpv6 } from '../uris/addresses.ts';
import { RFC8705_PKI } from '../wire/specs.ts';
import type { Rule } from './rule.ts';

const SUBJECT_MEMBERS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const satisfies readonly FieldName[];

/** An attribute of a relative distinguished name: its type by name or number, and its value with special characters escaped. */
const ATTRIBUTE = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)=(?:[^,+"\\<>;\0]|\\[ "#+,;<=>\\]|\\[0-9A-Fa-f]{2})*`;
/** distinguishedName, RFC 4514 section 3. Many clients write blanks after a separator, which RFC 2253 allowed. */
const DISTINGUISHED_NAME = new RegExp(`^${ATTRIBUTE}(?:[,+] *${ATTRIBUTE})*$`);

export const CLIENT_CERTIFICATE_RULES: readonly Rule[] = [
  {
    /** A client has at most one expected certificate subject; with tls_client_auth it has exactly one. */
    id: 'certificate-subject',
    specification: RFC8705_PKI,
    reads: [...SUBJECT_MEMBERS, 'token_endpoint_auth_method'],
    check({ metadata }) {
      const subjects = SUBJECT_MEMBERS.filter((member) => metadata[member] !== undefined);
      if (subjects.length > 1) return { result: 'certificateSubjectsConflict', members: subjects };
      if (subjects.length === 1 || metadata.token_endpoint_auth_method !== 'tls_client_auth') return undefined;
      return {
        result: 'certificateSubjectMissing',
        members: ['tls_client_auth_subject_dn', 'token_endpoint_auth_method'],
      };
    },
  },
  {
    /** The expected subject of a certificate is a distinguished name in the form of RFC 4514. */
    id: 'certificate-distinguished-name',
    specification: RFC8705_PKI,
    reads: ['tls_client_auth_subject_dn'],
    check: ({ metadata: { tls_client_auth_subject_dn: subject } }) =>
      subject === undefined || DISTINGUISHED_NAME.test(subject)
        ? undefined
        : {
            result: 'distinguishedNameInvalid',
            members: ['tls_client_auth_subject_dn'],
            detail: `${quote(subject)} is not a distinguished name; use the form of RFC 4514, for example CN=client,O=Example.`,
          },
  },
  {
    /** The expected IP address of a certificate is an IPv4 or IPv6 address. */
    id: 'certificate-address',
    specification: RFC8705_PKI,
    reads: ['tls_client_auth_san_ip'],
    check: ({ metadata: { tls_client_auth_san_ip: address } }) =>
      address === undefined || readIpv4(address) !== undefined || readIpv6(address) !== undefined
        ? undefined
        : {
            result: 'valueInvalid',
            members: ['tls_client_auth_san_ip'],
            detail: `${quote(address)} is not an IP address; send one IPv4 or IPv6 address without a zone.`,
          },
  },
];
