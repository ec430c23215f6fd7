/** Milliseconds for one request, to the last byte of its answer. */
const DEADLINE = 3_000;

/** Bytes of a body that are read: no document that is asked for is as large, and what answers may be anything. */
const LARGEST_BODY = 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON value of the body; `undefined` where it is none. */
  readonly body: unknown;
  /** Milliseconds since 1970, between which the answer was made. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Gets a URL as it is, without following where it leads; why not, in words, where there is no answer. */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | { readonly problem: string }> {
  try {
    const sentAt = Date.now();
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(DEADLINE) });
    const receivedAt = Date.now();
    const { status, headers: answered } = response;
    return { status, headers: answered, body: parsed(await textOf(response)), sentAt, receivedAt };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

/** The body, cut off where it is larger than anything that is asked for. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > LARGEST_BODY) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` says no more than that it failed; its cause says of what. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${DEADLINE / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
