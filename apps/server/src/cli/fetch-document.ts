import { certificateProblem } from '../config/known-failures.ts';

/** Milliseconds for one request, including the body. */
const DEADLINE = 3_000;

/** Bytes of a body that are read: no expected document is larger, but any program may respond. */
const LARGEST_BODY = 1024 * 1024;

export interface FetchedDocument {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON value of the body; `undefined` if it is not JSON. */
  readonly body: unknown;
  /** Milliseconds since 1970: the request was sent, and the response arrived. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface FailedFetch {
  readonly problem: string;
  /** The remedy, if the problem is the certificate. */
  readonly remedy?: string;
}

/** Fetches a URL without following redirects. If there is no response, the problem says why. */
export async function fetchDocument(
  url: string,
  requestHeaders: Readonly<Record<string, string>> = {},
): Promise<FetchedDocument | FailedFetch> {
  try {
    const sentAt = Date.now();
    const signal = AbortSignal.timeout(DEADLINE);
    const response = await fetch(url, { headers: requestHeaders, redirect: 'manual', signal });
    const receivedAt = Date.now();
    const { status, headers } = response;
    return { status, headers, body: parseJson(await readText(response)), sentAt, receivedAt };
  } catch (error) {
    return failedFetch(error);
  }
}

/** Reads the body, up to the size limit. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > LARGEST_BODY) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The cause of a failed `fetch`, because its own message has no detail. */
function failedFetch(error: unknown): FailedFetch {
  if (!(error instanceof Error)) return { problem: String(error) };
  if (error.name === 'TimeoutError') return { problem: `no response within ${DEADLINE / 1000} s` };
  const { cause } = error;
  if (!(cause instanceof Error)) return { problem: error.message };
  return certificateProblem(cause) ?? { problem: (cause as NodeJS.ErrnoException).code ?? cause.message };
}
