/** A response of the API whose body has been read but not checked. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body if it is JSON, otherwise its text. */
  readonly body: unknown;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How many times the call was sent. */
  readonly attempts: number;
}

export async function readResponse(response: Response, attempts: number): Promise<ApiResponse> {
  const { status, headers } = response;
  return {
    status,
    headers,
    body: parseJson(await response.text()),
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: parseRetryAfter(headers.get('retry-after')),
    attempts,
  };
}

/**
 * Parses JSON; returns a text that is not JSON unchanged. The error of `JSON.parse` is dropped because it quotes the text,
 * which may contain secrets.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Converts a `Retry-After` header, which is a number of seconds or a date, to milliseconds from now.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3
 */
export function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
