import type { ResolveResult, VerifySecretResult } from '../client-result.ts';
import { ClienteleError, UnavailableError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { resolvedClient, type ResolvedClient } from './resolved-client.ts';

interface Request {
  /** The client whose `etag` was sent. */
  readonly previous: ResolvedClient | undefined;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** The longest `maxAge`, in milliseconds. */
  readonly maxAgeMs: number;
  /** The longest `staleIfError`, in milliseconds. */
  readonly staleIfErrorMs: number;
}

/**
 * Converts a result to the entry to keep; undefined if the client is unknown or locked.
 *
 * @throws {UnavailableError} if the client is unavailable.
 * @throws {ClienteleError} if the result has no meaning for this request.
 */
export function readEntry(result: ResolveResult, request: Request): Entry | undefined {
  switch (result.action) {
    case 'OK':
      return { client: resolvedClient(result), ...validity(result, request) };
    case 'NOT_MODIFIED':
      if (request.previous === undefined) throw unexpected(result.action);
      return { client: request.previous, ...validity(result, request) };
    case 'NOT_FOUND':
    case 'LOCKED':
      return undefined;
    case 'UNAVAILABLE':
      throw new UnavailableError(result.retryAfter * 1_000);
    default:
      throw unexpected(result.action);
  }
}

/** @throws {ClienteleError} if the action is unknown. */
export function isVerified({ action }: VerifySecretResult): boolean {
  switch (action) {
    case 'OK':
      return true;
    case 'INVALID':
    case 'NOT_FOUND':
    case 'LOCKED':
      return false;
    default:
      throw unexpected(action);
  }
}

/** Counts the times of a response from its request, because the client may have changed since the request was sent. */
function validity(response: { maxAge: number; staleIfError: number }, request: Request): Omit<Entry, 'client'> {
  return {
    confirmedAt: request.sentAt,
    maxAgeMs: Math.min(response.maxAge * 1_000, request.maxAgeMs),
    staleIfErrorMs: Math.min(response.staleIfError * 1_000, request.staleIfErrorMs),
  };
}

function unexpected(action: string): ClienteleError {
  // The action is quoted only if it has the form of one, because another string may contain a secret.
  const name = /^[A-Z_]{1,40}$/.test(action) ? ` ${action}` : '';
  return new ClienteleError(`The API returned an unexpected action${name}.`, 1);
}
