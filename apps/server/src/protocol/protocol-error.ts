import { resultMessage, RESULTS, type ResultCode, type ResultName } from '@clientele/model/metadata';

/** OAuth error codes beside those of client registration. */
type ProtocolErrorCode = 'invalid_request' | 'access_denied' | 'temporarily_unavailable' | 'server_error';

/** A request to the protocol plane fails with an HTTP status and an OAuth error. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly status: number,
    readonly code: ProtocolErrorCode,
    /** Printable ASCII (RFC 7591 section 3.2.2). */
    readonly description: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** The result code for the log, because an OAuth error has many causes. */
    readonly resultCode: ResultCode | '' = '',
  ) {
    super(description);
  }

  /** The error whose description is the text of a result. */
  static of(
    result: ResultName,
    status: number,
    code: ProtocolErrorCode,
    headers?: Readonly<Record<string, string>>,
  ): ProtocolError {
    return new ProtocolError(status, code, resultMessage(result), headers, RESULTS[result].code);
  }
}
