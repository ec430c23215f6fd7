/**
 * The OAuth error codes of refused operations on registrations, with their actions.
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
  invalid_token: 'UNAUTHORIZED',
  server_error: 'INTERNAL_SERVER_ERROR',
} as const;

export type RegistrationErrorCode = keyof typeof ACTION_OF_ERROR;

/** The action of a registration response that carries an error. */
export type ErrorAction = (typeof ACTION_OF_ERROR)[RegistrationErrorCode];

/**
 * The HTTP status with which the authorization server responds to its client application, by the action of the registration
 * response.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2
 */
export const STATUS_OF_ACTION = {
  CREATED: 201,
  OK: 200,
  UPDATED: 200,
  DELETED: 204,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  INTERNAL_SERVER_ERROR: 500,
} as const satisfies Readonly<Record<ErrorAction | 'CREATED' | 'OK' | 'UPDATED' | 'DELETED', number>>;

/** The body of the response if a request of the client application failed (RFC 7591 section 3.2.2). */
export interface ErrorResponse {
  error: RegistrationErrorCode | (string & {});
  error_description?: string;
  error_uri?: string;
}
