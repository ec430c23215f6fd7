import { toApiPromise, type ApiPromise } from './api-promise.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { readConditions, readLimits, type ConditionOptions, type RequestOptions, type Settings } from './options.ts';
import { readResponse, type ApiResponse } from './response.ts';
import { delayMs, retryChange, retryRead, sleep, type RetryRule } from './retry.ts';
import { withTimeLimit, type Attempt } from './time-limit.ts';

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base of the transport, percent-encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** Converts a response with a status of 2xx. Throws an `ApiError` if the response does not have the documented shape. */
type Convert<T> = (response: ApiResponse) => T;

/** The arguments of `fetch` that are the same for all attempts. */
interface Init {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Only a request with a body has a content type, because the API would parse an empty body. */
const JSON_CONTENT = { 'Content-Type': 'application/json' };

/**
 * Sends calls to the API. Authorization, time limits, retries and errors are the same for all calls. Each call throws an
 * `ApiError` if the HTTP status is not 2xx.
 */
export class Transport {
  readonly #settings: Settings;
  readonly #base: string | undefined;

  /** @param base The URL before the path of each call. If it is undefined, each call rejects, because its service is missing. */
  constructor(settings: Settings, base: string | undefined) {
    this.#settings = settings;
    this.#base = base;
  }

  /** Sends a call that changes nothing. An error of `request` or `convert` rejects the promise. */
  read<T>(request: () => ApiRequest, convert: Convert<T>, options?: RequestOptions): ApiPromise<T> {
    return toApiPromise(this.#send(request, retryRead, options), convert);
  }

  /** Sends a call that changes something. An error of `request` or `convert` rejects the promise. */
  change<T>(request: () => ApiRequest, convert: Convert<T>, options?: ConditionOptions): ApiPromise<T> {
    return toApiPromise(this.#send(request, retryChange, options), convert);
  }

  async #send(request: () => ApiRequest, mayRetry: RetryRule, options: ConditionOptions = {}): Promise<ApiResponse> {
    const { method, path, body } = request();
    if (this.#base === undefined) throw new TypeError('serviceId is missing in the options of Clientele.');
    const url = this.#base + path;
    const { timeoutMs, maxRetries } = readLimits(options, this.#settings);
    const { signal } = options;
    const headers = { Accept: 'application/json', ...readConditions(options) };
    const init: Init = body
      ? { method, headers: { ...headers, ...JSON_CONTENT }, body: JSON.stringify(body) }
      : { method, headers };
    for (let number = 1; ; number++) {
      try {
        const response = await this.#attempt(url, init, { number, timeoutMs, signal });
        if (response.status >= 200 && response.status < 300) return response;
        throw new ApiError('The API returned an error.', response);
      } catch (error) {
        if (number > maxRetries || !mayRetry(error)) throw error;
        await sleep(delayMs(number, error), signal);
      }
    }
  }

  #attempt(url: string, init: Init, attempt: Attempt): Promise<ApiResponse> {
    return withTimeLimit(attempt, async (signal) => {
      // A browser refuses to run `fetch` as a method of another object, so it is called without a receiver.
      const { accessToken, fetch = globalThis.fetch } = this.#settings;
      const headers = { ...init.headers, Authorization: `Bearer ${await accessToken()}` };
      // The time limit may have passed while the access token was fetched, and a custom `fetch` may ignore the signal.
      signal.throwIfAborted();
      try {
        // Redirects are not followed, because another server would receive the tokens in the body.
        const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' });
        return await readResponse(response, attempt.number);
      } catch (cause) {
        throw new ConnectionError(attempt.number, { cause });
      }
    });
  }
}

export function post(path: string, body: object): ApiRequest {
  return { method: 'POST', path, body };
}
