import {
  resultMessage,
  RESULTS,
  type RegistrationErrorCode,
  type ResultCode,
  type ResultName,
  type ResultParameters,
} from '@clientele/model/metadata';

/**
 * The client application erred: an OAuth error code, given where the rule is, and the result code that goes with it. The
 * message, `[A203303] ...`, is for the authorization server; `description` is what its client application reads, the same
 * unless that would tell too much. Both name the member and what is expected, and repeat no secret, token or whole value.
 */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';

  constructor(
    readonly code: RegistrationErrorCode,
    readonly result: ResultName,
    message: string = resultMessage(result),
    readonly description: string = message,
  ) {
    super(message);
  }

  get resultCode(): ResultCode {
    return RESULTS[this.result].code;
  }
}

/** The registration access token does not open this client; the client application does not learn why. */
export function invalidToken(resultCode: ResultName): RegistrationError {
  return new RegistrationError(
    'invalid_token',
    resultCode,
    resultMessage(resultCode),
    'The registration access token is not valid for this client.',
  );
}

/** A value of client metadata is wrong. */
export function invalidMetadata(resultCode: ResultName, parameters?: ResultParameters): RegistrationError {
  return new RegistrationError('invalid_client_metadata', resultCode, resultMessage(resultCode, parameters));
}

/** A redirect URI is not acceptable. */
export function invalidRedirectUri(resultCode: ResultName, parameters?: ResultParameters): RegistrationError {
  return new RegistrationError('invalid_redirect_uri', resultCode, resultMessage(resultCode, parameters));
}
