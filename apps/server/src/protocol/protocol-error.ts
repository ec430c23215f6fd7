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
  ) {
    super(description);
  }
}
