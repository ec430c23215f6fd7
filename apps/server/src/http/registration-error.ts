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
  /** The text for the client application (`error_description`). Default: `message`. Set it if `message` reveals too much. */
  readonly description?: string;
}

/**
 * The client application erred. The rule that it broke has the OAuth error code and the result code. The texts name the member and
 * the expected value, and never repeat a secret or token.
 */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  readonly description: string;

  constructor(
    readonly code: RegistrationErrorCode,
    readonly resultCode: ResultCode,
    { message, description = message }: Description,
    /** Why the metadata was refused; empty if the error is about something else. */
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
    this.description = description;
  }

  /** The error whose message is the text of a result. */
  static of(
    code: RegistrationErrorCode,
    result: ResultName,
    { description, parameters }: { readonly description?: string; readonly parameters?: ResultParameters } = {},
  ): RegistrationError {
    const texts = { message: resultMessage(result, parameters), ...(description !== undefined && { description }) };
    return new RegistrationError(code, RESULTS[result].code, texts);
  }

  /** The error of findings that refuse a registration; the first one has the texts. */
  static ofFinding(finding: Finding, ...others: readonly Finding[]): RegistrationError {
    const { error = 'invalid_client_metadata', resultCode, message } = finding;
    return new RegistrationError(error, resultCode, { message }, [finding, ...others]);
  }
}
