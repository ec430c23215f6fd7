import type { Finding } from '@clientele/model/decision';
import {
  resultMessage,
  RESULTS,
  type RegistrationErrorCode,
  type ResultCode,
  type ResultName,
  type ResultParameters,
} from '@clientele/model/metadata';

interface Description {
  /** For the authorization server: `[A203303] ...`. */
  readonly message: string;
  /** For its client application; the message unless that would tell too much. */
  readonly description?: string;
}

/**
 * The client application erred: an OAuth error code, given where the rule is, and the result code that goes with it. The texts
 * name the member and what is expected, and repeat no secret or token.
 */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  readonly description: string;

  constructor(
    readonly code: RegistrationErrorCode,
    readonly resultCode: ResultCode,
    { message, description = message }: Description,
  ) {
    super(message);
    this.description = description;
  }

  /** The error of a result whose text is the whole message. */
  static of(
    code: RegistrationErrorCode,
    result: ResultName,
    { description, parameters }: { readonly description?: string; readonly parameters?: ResultParameters } = {},
  ): RegistrationError {
    const texts = { message: resultMessage(result, parameters), ...(description !== undefined && { description }) };
    return new RegistrationError(code, RESULTS[result].code, texts);
  }

  /** The error of a finding by which a registration is refused. */
  static ofFinding({ error = 'invalid_client_metadata', resultCode, message }: Finding): RegistrationError {
    return new RegistrationError(error, resultCode, { message });
  }
}

/** The registration access token does not open this client; the client application does not learn why. */
export function invalidToken(result: ResultName): RegistrationError {
  return RegistrationError.of('invalid_token', result, {
    description: 'The registration access token is not valid for this client.',
  });
}
