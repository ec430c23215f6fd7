import { withoutTrailingSlashes } from '@clientele/model/wire';

/** A function that sends requests: the standard `fetch`, or a function that behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface LimitOptions {
  /** Time limit of each attempt, in milliseconds. Default: 10,000; for one call, the limit of its `Clientele`. */
  timeoutMs?: number | undefined;
  /** Maximum number of retries of a call. Default: 2; for one call, the number of its `Clientele`. */
  maxRetries?: number | undefined;
}

/** Options of one call. */
export interface RequestOptions extends LimitOptions {
  /** Ends the call at any time, also between two attempts. The call then rejects with the reason of the signal. */
  signal?: AbortSignal | undefined;
}

/** Options of a list. */
export interface ListOptions extends RequestOptions {
  /** The most elements of a page: 1 to 1,000. Each page is one request. Default: 100. */
  pageSize?: number | undefined;
}

/** Options of a call that changes a client or a service only under a condition. */
export interface ConditionOptions extends RequestOptions {
  /** The `ETag` that it must still have. `null`, the value of a missing header, and `undefined` are refused. */
  ifMatch?: string | null;
  /** `*`: the client must not exist. Only `put` of a client has this condition. */
  ifNoneMatch?: '*';
}

/** Options of a `Clientele`. */
export interface ClienteleOptions extends LimitOptions {
  /** An http or https URL, which may have a path. `/api/...` is appended to it. */
  baseUrl: string;
  /** The service of the clients and tokens. Only `services` works without it. */
  serviceId?: number | string | undefined;
  /** API access token, or a function that returns it. The function is called before each attempt. */
  accessToken: string | (() => string | Promise<string>);
  /** Replaces the global `fetch`. */
  fetch?: Fetch | undefined;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** The checked options of a `Clientele`. */
export interface Settings extends Limits {
  /** The base of the calls for all services. It ends with a slash. */
  readonly apiUrl: string;
  /** The base of the calls of the service, if the options name one. It ends with a slash. */
  readonly serviceUrl: string | undefined;
  readonly accessToken: () => Promise<string>;
  readonly fetch: Fetch | undefined;
}

const DEFAULT_LIMITS: Limits = { timeoutMs: 10_000, maxRetries: 2 };

/** @throws {TypeError} if an option is invalid. The message names the option. */
export function readOptions(options: ClienteleOptions): Settings {
  const { serviceId, accessToken, fetch } = options;
  if (typeof accessToken !== 'function') checkAccessToken(accessToken);
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('fetch must be a function.');
  const apiUrl = `${readBaseUrl(options.baseUrl)}/api/`;
  return {
    apiUrl,
    serviceUrl: serviceId === undefined ? undefined : `${apiUrl}${readServiceId(serviceId)}/`,
    accessToken: async () => checkAccessToken(typeof accessToken === 'function' ? await accessToken() : accessToken),
    fetch,
    ...readLimits(options, DEFAULT_LIMITS),
  };
}

/** The longest delay that `setTimeout` supports. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** @throws {TypeError} if an option is invalid. The message names the option. */
export function readLimits(options: LimitOptions, defaults: Limits): Limits {
  const { timeoutMs = defaults.timeoutMs, maxRetries = defaults.maxRetries } = options;
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new TypeError(`timeoutMs must be a number of milliseconds greater than 0 and at most ${MAX_TIMEOUT_MS}.`);
  }
  if (!(Number.isSafeInteger(maxRetries) && maxRetries >= 0)) {
    throw new TypeError('maxRetries must be an integer that is 0 or greater.');
  }
  return { timeoutMs, maxRetries };
}

/**
 * Returns the headers of a conditional request (RFC 9110 section 13.1).
 *
 * @throws {TypeError} if an option does not exist, or if a condition is not an entity tag or `*`: the change would be made without it.
 */
export function readConditions(options: ConditionOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`The option ${name} does not exist.`);
    const header = HEADERS[name];
    if (header !== undefined) headers[header] = checkCondition(name, value);
  }
  return headers;
}

const HEADERS: Readonly<Record<string, string>> = { ifMatch: 'If-Match', ifNoneMatch: 'If-None-Match' };

/** The options of a call. Another one may be a misspelt condition. */
const NAMES = ['timeoutMs', 'maxRetries', 'signal', ...Object.keys(HEADERS)];

function checkCondition(name: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError(`${name} must be an ETag or '*': printable ASCII characters without spaces.`);
  }
  return value;
}

function readBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}${url.search}${url.hash}` !== '') {
    throw new TypeError('baseUrl must be an absolute http or https URL without user information, query or fragment.');
  }
  return url.origin + withoutTrailingSlashes(url.pathname);
}

/** @throws {TypeError} if the value is not a service ID. */
export function readServiceId(serviceId: unknown): string {
  if (Number.isSafeInteger(serviceId) && (serviceId as number) > 0) return String(serviceId);
  if (typeof serviceId === 'string' && /^[\w-]+$/.test(serviceId)) return serviceId;
  throw new TypeError("serviceId must be a positive integer, or a non-empty string of letters, digits, '-' and '_'.");
}

/** Refuses a token that is not valid in a header, because the error of `fetch` would quote it. */
function checkAccessToken(token: unknown): string {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      'accessToken must be a non-empty string of printable ASCII characters without spaces, or a function that returns one.',
    );
  }
  return token;
}
