import { ApiError, ConnectionError } from './errors.ts';
import { readLimits, readOptions, type ClienteleOptions, type RequestOptions, type Settings } from './options.ts';
import { readResponse, type ApiResponse } from './response.ts';
import { delayMs, retryChange, retryRead, sleep, type RetryRule } from './retry.ts';
import { withTimeLimit, type Attempt } from './time-limit.ts';

/**
 * Sends calls to the API of one service. Authorization, time limits, retries and errors are the same for all calls. Paths are
 * relative to `/api/{serviceId}/`. Each call throws an `ApiError` if the HTTP status is not 2xx.
 */
export class Transport {
  readonly #settings: Settings;

  constructor(options: ClienteleOptions) {
    this.#settings = readOptions(options);
  }

  /** Sends a call that changes nothing. */
  read(path: string, body: object, options?: RequestOptions): Promise<ApiResponse> {
    return this.#post(path, body, retryRead, options);
  }

  /** Sends a call that changes something. */
  change(path: string, body: object, options?: RequestOptions): Promise<ApiResponse> {
    return this.#post(path, body, retryChange, options);
  }

  async #post(path: string, body: object, mayRetry: RetryRule, options: RequestOptions = {}): Promise<ApiResponse> {
    const { timeoutMs, maxRetries } = readLimits(options, this.#settings);
    const { signal } = options;
    const json = JSON.stringify(body);
    for (let number = 1; ; number++) {
      try {
        const response = await this.#attempt(path, json, { number, timeoutMs, signal });
        if (response.status >= 200 && response.status < 300) return response;
        throw new ApiError('The API returned an error.', response);
      } catch (error) {
        if (number > maxRetries || !mayRetry(error)) throw error;
        await sleep(delayMs(number, error), signal);
      }
    }
  }

  #attempt(path: string, body: string, attempt: Attempt): Promise<ApiResponse> {
    return withTimeLimit(attempt, async (signal) => {
      // A browser refuses to run `fetch` as a method of another object, so it is called without a receiver.
      const { serviceUrl, accessToken, fetch = globalThis.fetch } = this.#settings;
      const headers = {
        Authorization: `Bearer ${await accessToken()}`,
        'Content-Type': 'application/json',
        Accept: 'application/json',
      };
      // The time limit may have passed while the access token was fetched, and a custom `fetch` may ignore the signal.
      signal.throwIfAborted();
      try {
        // Redirects are not followed, because another server would receive the tokens in the body.
        const response = await fetch(serviceUrl + path, { method: 'POST', headers, body, signal, redirect: 'manual' });
        return await readResponse(response, attempt.number);
      } catch (cause) {
        throw new ConnectionError(attempt.number, { cause });
      }
    });
  }
}
