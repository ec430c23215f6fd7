import type { Answer } from './transport.ts';

/**
 * What every error that the SDK throws is. What a client application did wrong is not among them: that is a result, with an
 * action of its own. No message holds a token, a secret or anything else that was sent or received.
 */
export class ClienteleError extends Error {
  /** How many times the call was sent: 1 without a retry. */
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
 * The API refused the call itself (a wrong API access token or service, too many calls, a broken server), or what it
 * answered is not what the call is documented to answer.
 */
export class ApiError extends ClienteleError {
  /** HTTP status. */
  readonly status: number;
  /** Result code of the answer, where it has one: `A172101` for example. */
  readonly resultCode: string | undefined;
  /** Explanation of the result code, where the answer has one. */
  readonly resultMessage: string | undefined;
  /** The header `x-request-id`, for asking whoever runs the API. */
  readonly requestId: string | undefined;
  /** How long the API asks to wait by `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly #body: unknown;

  constructor(problem: string, answer: Answer) {
    const { resultCode, resultMessage } = (answer.body ?? {}) as Record<string, unknown>;
    super(`${problem} ${describe(answer.status, resultCode)}`, answer.attempts);
    this.status = answer.status;
    this.resultCode = typeof resultCode === 'string' ? resultCode : undefined;
    this.resultMessage = typeof resultMessage === 'string' ? resultMessage : undefined;
    this.requestId = answer.requestId;
    this.retryAfterMs = answer.retryAfterMs;
    this.#body = answer.body;
  }

  override get name(): 'ApiError' {
    return 'ApiError';
  }

  /** Body of the answer: parsed where it is JSON, else its text. Not enumerable, since loggers print what is. */
  get body(): unknown {
    return this.#body;
  }
}

/** There was no answer: the connection could not be made or broke. `cause` is what `fetch` rejected with. */
export class ConnectionError extends ClienteleError {
  constructor(attempts: number, options: { cause: unknown }) {
    super('The connection to the API failed.', attempts, options);
  }

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}

/** There was no complete answer in time. Whether the API did what it was asked is not known. */
export class TimeoutError extends ClienteleError {
  /** The time limit of the attempt, in milliseconds. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number, attempts: number) {
    super(`The API did not answer within ${timeoutMs} ms.`, attempts);
    this.timeoutMs = timeoutMs;
  }

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}

/** A result code is repeated in a message only if it looks like one. */
function describe(status: number, resultCode: unknown): string {
  const code = typeof resultCode === 'string' && /^[A-Z]\d{3,9}$/.test(resultCode) ? `, result code ${resultCode}` : '';
  return `HTTP status ${status}${code}.`;
}
