import type { ApiResponse } from './response.ts';

/**
 * Base class of all errors that the SDK throws. An error of the client application is not thrown: it is a result with its own
 * action. The message of an error contains no data from a request, and nothing from a response but its result code and the
 * explanation of the code, which never contain tokens or secrets.
 */
export class ClienteleError extends Error {
  /** How many times the call was sent: 1 if it was not retried. */
  readonly attempts: number;

  constructor(message: string, attempts: number, options?: { cause?: unknown }) {
    super(message, options);
    this.attempts = attempts;
  }

  override get name(): string {
    return 'ClienteleError';
  }
}

/**
 * The HTTP status is not 2xx (for example: wrong API access token, unknown service, too many requests, server error), or the
 * response does not have the documented shape.
 */
export class ApiError extends ClienteleError {
  /** HTTP status. */
  readonly status: number;
  /** Result code of the response, for example `A172101`. */
  readonly resultCode: string | undefined;
  /** Explanation of the result code. */
  readonly resultMessage: string | undefined;
  /** The `x-request-id` header. It identifies the request in the logs of the API. */
  readonly requestId: string | undefined;
  /** The delay that the API requests with `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly #body: unknown;

  constructor(problem: string, response: ApiResponse) {
    const { resultCode, resultMessage } = (response.body ?? {}) as Record<string, unknown>;
    super(`${problem} HTTP status ${response.status}${explanation(resultCode, resultMessage)}`, response.attempts);
    this.status = response.status;
    this.resultCode = typeof resultCode === 'string' ? resultCode : undefined;
    this.resultMessage = typeof resultMessage === 'string' ? resultMessage : undefined;
    this.requestId = response.requestId;
    this.retryAfterMs = response.retryAfterMs;
    this.#body = response.body;
  }

  override get name(): 'ApiError' {
    return 'ApiError';
  }

  /**
   * Body of the response: the parsed value if it is JSON, otherwise the text. The property is not enumerable, so loggers do
   * not print it.
   */
  get body(): unknown {
    return this.#body;
  }
}

/** The connection failed before the response was complete. `cause` is the error of `fetch`. */
export class ConnectionError extends ClienteleError {
  constructor(attempts: number, options: { cause: unknown }) {
    super('The connection to the API failed.', attempts, options);
  }

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}

/** The response was not complete within the time limit. The API may or may not have processed the request. */
export class TimeoutError extends ClienteleError {
  /** Time limit of the attempt, in milliseconds. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number, attempts: number) {
    super(`The API did not respond within ${timeoutMs} ms.`, attempts);
    this.timeoutMs = timeoutMs;
  }

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}

/** The API cannot read the client at the moment. Only a `ClientCache` throws it, because for a call it is a result. */
export class UnavailableError extends ClienteleError {
  /** The delay that the API requests, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('The client is unavailable at the moment.', 1);
    this.retryAfterMs = retryAfterMs;
  }

  override get name(): 'UnavailableError' {
    return 'UnavailableError';
  }
}

const LONGEST_EXPLANATION = 300;

/**
 * The rest of a message: the result code and its explanation. Both are quoted only if they have the form that the API gives them,
 * because another text may contain a secret.
 */
function explanation(resultCode: unknown, resultMessage: unknown): string {
  if (typeof resultCode !== 'string' || !/^[A-Z]\d{3,9}$/.test(resultCode)) return '.';
  const prefix = `[${resultCode}] `;
  const text = typeof resultMessage === 'string' && resultMessage.startsWith(prefix) ? resultMessage : prefix;
  const printable = text.slice(prefix.length).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '');
  return `, result code ${resultCode}. ${printable.slice(0, LONGEST_EXPLANATION)}`.trimEnd();
}
