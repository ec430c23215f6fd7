/** Options of a `ClientCache`. Shorter times of the API prevail. */
export interface ClientCacheOptions {
  /** How many clients are kept, and how many identifiers without a client. Default: 10,000. */
  maxEntries?: number | undefined;
  /** The longest time for which a client is used without asking the API, in seconds. Default: 300. */
  maxAge?: number | undefined;
  /** The longest time for which a client is used during an outage after it was last confirmed, in seconds. Default: 86,400. */
  staleIfError?: number | undefined;
  /** How long a client counts as unknown or locked without asking the API, in seconds. Default: 5. */
  negativeMaxAge?: number | undefined;
  /** The current time, in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** The checked options of a `ClientCache`. */
export interface CacheSettings {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
  readonly staleIfErrorMs: number;
  readonly negativeMaxAgeMs: number;
  readonly now: () => number;
}

/** @throws {TypeError} if an option is invalid. The message names the option. */
export function readCacheOptions(options: ClientCacheOptions): CacheSettings {
  const { maxEntries = 10_000, maxAge = 300, staleIfError = 86_400, negativeMaxAge = 5, now = Date.now } = options;
  if (!(Number.isSafeInteger(maxEntries) && maxEntries > 0)) {
    throw new TypeError('maxEntries must be a positive integer.');
  }
  if (typeof now !== 'function') throw new TypeError('now must be a function.');
  return {
    maxEntries,
    maxAgeMs: milliseconds('maxAge', maxAge),
    staleIfErrorMs: milliseconds('staleIfError', staleIfError),
    negativeMaxAgeMs: milliseconds('negativeMaxAge', negativeMaxAge),
    now,
  };
}

function milliseconds(name: string, seconds: number): number {
  if (!(Number.isFinite(seconds) && seconds >= 0)) {
    throw new TypeError(`${name} must be a number of seconds that is 0 or greater.`);
  }
  return seconds * 1_000;
}
