/** What sends the requests: `fetch`, or anything that behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How long one call may take, and how often it is sent. */
export interface RequestOptions {
  /** Ends the call at any moment, also between two attempts. The call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Time limit of each attempt, in milliseconds. */
  timeoutMs?: number | undefined;
  /** How many times the call is sent again after a failure that it may be repeated after. */
  maxRetries?: number | undefined;
}

/** Where the API is, who calls it, and how. */
export interface ClienteleOptions {
  /** Where the API is: an http or https URL, with a path where there is one. `/api/...` is appended. */
  baseUrl: string;
  /** The service that the clients belong to. */
  serviceId: number | string;
  /** API access token, or a function that gives the current one; the function is asked before each attempt. */
  accessToken: string | (() => string | Promise<string>);
  /** Used in place of the global `fetch`. */
  fetch?: Fetch | undefined;
  /** Time limit of each attempt, in milliseconds: 10,000 unless given. */
  timeoutMs?: number | undefined;
  /** How many times a call is sent again after a failure that it may be repeated after: 2 unless given. */
  maxRetries?: number | undefined;
}

/** The options of a client, checked. */
export interface Settings extends Limits {
  /** What the path of a call is appended to. */
  readonly serviceUrl: string;
  readonly accessToken: () => Promise<string>;
  readonly fetch: Fetch | undefined;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

const DEFAULT_LIMITS: Limits = { timeoutMs: 10_000, maxRetries: 2 };

/** @throws {TypeError} naming the first option that cannot work. */
export function readOptions(options: ClienteleOptions): Settings {
  const { accessToken, fetch } = options;
  if (typeof accessToken !== 'function') checkAccessToken(accessToken);
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('fetch must be a function.');
  return {
    serviceUrl: `${readBaseUrl(options.baseUrl)}/api/${readServiceId(options.serviceId)}/`,
    accessToken: async () => checkAccessToken(typeof accessToken === 'function' ? await accessToken() : accessToken),
    fetch,
    ...readLimits(options, DEFAULT_LIMITS),
  };
}

/** The longest time that timers can be set to. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** @throws {TypeError} naming the first option that cannot work. */
export function readLimits(options: Pick<RequestOptions, 'timeoutMs' | 'maxRetries'>, defaults: Limits): Limits {
  const { timeoutMs = defaults.timeoutMs, maxRetries = defaults.maxRetries } = options;
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new TypeError(`timeoutMs must be a number of milliseconds above 0, at most ${MAX_TIMEOUT_MS}.`);
  }
  if (!(Number.isSafeInteger(maxRetries) && maxRetries >= 0)) {
    throw new TypeError('maxRetries must be an integer, 0 or more.');
  }
  return { timeoutMs, maxRetries };
}

function readBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}${url.search}${url.hash}` !== '') {
    throw new TypeError('baseUrl must be an absolute http or https URL without user information, query and fragment.');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function readServiceId(serviceId: unknown): string {
  if (Number.isSafeInteger(serviceId) && (serviceId as number) > 0) return String(serviceId);
  if (typeof serviceId === 'string' && /^[\w-]+$/.test(serviceId)) return serviceId;
  throw new TypeError("serviceId must be a positive integer, or a string of letters, digits, '-' and '_'.");
}

/** What a header cannot carry must not reach `fetch`, which quotes it in its error. */
function checkAccessToken(token: unknown): string {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      'accessToken must be, or give, a string of printable ASCII characters without spaces that is not empty.',
    );
  }
  return token;
}
