/**
 * The closed set of OAuth error codes that a client application can be sent, and the action of each.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
export const ACTION_OF_ERROR = {
  invalid_redirect_uri: 'BAD_REQUEST',
  invalid_client_metadata: 'BAD_REQUEST',
  invalid_software_statement: 'BAD_REQUEST',
  unapproved_software_statement: 'BAD_REQUEST',
  invalid_request: 'BAD_REQUEST',
  access_denied: 'BAD_REQUEST',
  invalid_token: 'UNAUTHORIZED',
  server_error: 'INTERNAL_SERVER_ERROR',
} as const;

export type RegistrationErrorCode = keyof typeof ACTION_OF_ERROR;

/** The action of a registration response that carries an error. */
export type ErrorAction = (typeof ACTION_OF_ERROR)[RegistrationErrorCode];

/** The body that the client application receives if its request failed (RFC 7591 section 3.2.2). */
export interface ErrorResponse {
  error: RegistrationErrorCode | (string & {});
  error_description?: string;
  error_uri?: string;
}
