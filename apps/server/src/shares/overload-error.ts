/** The server cannot hold more of something for its callers. Both planes respond with HTTP 503 and `Retry-After`. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';

  constructor() {
    super('The server is overloaded.');
  }
}
