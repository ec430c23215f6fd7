import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { RFC7591_CLIENT_INFORMATION_RESPONSE, RFC7592_CLIENT_INFORMATION_RESPONSE } from '../wire/specs.ts';

/** The members that only the server gives a value, and the section that defines each. */
export const ISSUED_MEMBERS = {
  client_id: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_secret: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_id_issued_at: RFC7591_CLIENT_INFORMATION_RESPONSE,
  client_secret_expires_at: RFC7591_CLIENT_INFORMATION_RESPONSE,
  registration_access_token: RFC7592_CLIENT_INFORMATION_RESPONSE,
  registration_client_uri: RFC7592_CLIENT_INFORMATION_RESPONSE,
} as const;

/**
 * The client information response: what the client application is sent when it was registered, read or updated, all
 * registered metadata included.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
 */
export type ClientInformation = ClientMetadata & {
  client_id: string;
  /** Absent where the client needs no secret, always with `token_endpoint_auth_method` `none`. */
  client_secret?: string;
  /** Seconds since 1970. */
  client_id_issued_at: number;
  /** Seconds since 1970, 0 for never; present when `client_secret` is. */
  client_secret_expires_at?: number;
  registration_access_token: string;
  registration_client_uri: string;
  /** As the client sent it (RFC 7591 section 3.2.1). */
  software_statement?: string;
};
