import { FIELDS, type ClientMetadata } from '../metadata/client-metadata.ts';
import { RFC7591_CLIENT_INFORMATION_RESPONSE, RFC7592_CLIENT_INFORMATION_RESPONSE } from '../wire/specs.ts';

/** The members that only the server sets, each with the section that defines it. */
export const ISSUED_MEMBERS = {
  client_id: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_secret: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_id_issued_at: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_secret_expires_at: RFC7591_CLIENT_INFORMATION_RESPONSE,
  registration_access_token: RFC7592_CLIENT_INFORMATION_RESPONSE,
  registration_client_uri: RFC7592_CLIENT_INFORMATION_RESPONSE,
} as const;

/** The names of all members with a meaning of their own. */
export const STANDARD_MEMBERS: ReadonlySet<string> = new Set([
  ...FIELDS.flatMap(([name, { alternatives }]) => (alternatives === undefined ? [name] : [name, alternatives])),
  ...Object.keys(ISSUED_MEMBERS),
  'software_statement',
]);

const LOCALIZABLE: ReadonlySet<string> = new Set(
  FIELDS.flatMap(([name, { localizable }]) => (localizable === undefined ? [] : [name])),
);

/** Whether a member has a meaning of its own, also with a language tag. */
export function isStandardMember(name: string): boolean {
  if (STANDARD_MEMBERS.has(name)) return true;
  const end = name.indexOf('#');
  return end > 0 && LOCALIZABLE.has(name.slice(0, end));
}

/**
 * The client information response, which the client application receives after it was registered, read or updated. It contains
 * all registered metadata.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
 */
export type ClientInformation = ClientMetadata & {
  client_id: string;
  /** Absent if the client needs no secret, and always with the `token_endpoint_auth_method` `none`. */
  client_secret?: string;
  /** Seconds since 1970. */
  client_id_issued_at: number;
  /** Seconds since 1970, 0 for never; present if `client_secret` is present. */
  client_secret_expires_at?: number;
  registration_access_token: string;
  registration_client_uri: string;
  /** Unchanged, as the client sent it (RFC 7591 section 3.2.1). */
  software_statement?: string;
};
