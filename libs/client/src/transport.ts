import { ApiError, ConnectionError } from './errors.ts';
import { limited, pause, type Limit } from './limit.ts';
import { readLimits, readOptions, type ClienteleOptions, type RequestOptions, type Settings } from './options.ts';
import { delayMs, parseRetryAfter, type RetryRule } from './retry.ts';

/** What the API answered to a call, not yet judged. */
export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON, else its text. */
  readonly body: unknown;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How many times the call was sent. */
  readonly attempts: number;
}

/** The way to the API: everything that is the same for all calls. */
export class Transport {
  readonly #settings: Settings;

  constructor(options: ClienteleOptions) {
    this.#settings = readOptions(options);
  }

  /** Sends a call, again after failures that `mayRetry`, and gives the answer if its status is 2xx. */
  async post(path: string, body: object, mayRetry: RetryRule, options: RequestOptions = {}): Promise<Answer> {
    const { timeoutMs, maxRetries } = readLimits(options, this.#settings);
    const { signal } = options;
    const json = JSON.stringify(body);
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#send(path, json, { attempt, timeoutMs, signal });
        if (answer.status >= 200 && answer.status < 300) return answer;
        throw new ApiError('The API answered with an error.', answer);
      } catch (failure) {
        if (attempt > maxRetries || !mayRetry(failure)) throw failure;
        await pause(delayMs(attempt, failure), signal);
      }
    }
  }

  #send(path: string, body: string, limit: Limit): Promise<Answer> {
    return limited(limit, async (signal) => {
      // Called without a receiver: a browser's fetch refuses any but the window.
      const { serviceUrl, accessToken, fetch = globalThis.fetch } = this.#settings;
      const headers = {
        Authorization: `Bearer ${await accessToken()}`,
        'Content-Type': 'application/json',
        Accept: 'application/json',
      };
      // The token may have come too late. Not every fetch would look at the signal before it sends.
      signal.throwIfAborted();
      try {
        // A redirect is not followed: it could carry the tokens in the body elsewhere.
        const response = await fetch(serviceUrl + path, { method: 'POST', headers, body, signal, redirect: 'manual' });
        return await read(response, limit.attempt);
      } catch (cause) {
        throw new ConnectionError(limit.attempt, { cause });
      }
    });
  }
}

async function read(response: Response, attempts: number): Promise<Answer> {
  return {
    status: response.status,
    body: decode(await response.text()),
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
    attempts,
  };
}

/** The error of `JSON.parse` quotes the text, so it is not passed on. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
