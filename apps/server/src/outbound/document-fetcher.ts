import { lookup as resolve, type LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';

/** Milliseconds for everything from resolving the name to the last byte. */
const DEADLINE = 3_000;
/** Bytes of a document. Compression is not accepted, so this is what it weighs before and after. */
const LARGEST_DOCUMENT = 64 * 1024;
/** Documents that are fetched at the same time, from everywhere and from one host. */
const PARALLEL = 32;
const PARALLEL_PER_HOST = 4;

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;

/** How a fetch ended. What is `refused` was never sent: by its address, its scheme, or because of too many others. */
export type FetchOutcome = 'fetched' | 'refused' | 'timeout' | 'unreachable' | 'unusable';

/** A fetch that has ended. */
export interface Fetched {
  readonly outcome: FetchOutcome;
  readonly seconds: number;
}

/** A document could not be had. The reason is for the log only: a client must not learn about hosts that only we can see. */
export class DocumentFetchError extends Error {
  override readonly name = 'DocumentFetchError';

  constructor(
    readonly outcome: Exclude<FetchOutcome, 'fetched'>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Fetches the JSON documents that client metadata refers to, from the public internet only. The addresses that a name
 * resolves to are checked at the moment of connecting and are the ones connected to, so that a name cannot lead elsewhere
 * between check and use. Redirects, proxies, cookies and kept connections play no part.
 */
export class DocumentFetcher {
  private readonly underway = new Map<string, Promise<unknown>>();
  private readonly perHost = new Map<string, number>();

  /**
   * @param allowLoopback whether documents may come from this machine, by plain http too: for development and tests.
   * @param onFetched is told how each fetch ended; callers that share one are one.
   */
  constructor(
    private readonly allowLoopback: boolean,
    private readonly onFetched: (fetched: Fetched) => void = () => undefined,
  ) {}

  /** The JSON value at a URL. Calls for one URL at the same time share the answer. Throws `DocumentFetchError`. */
  fetchJson(url: string): Promise<unknown> {
    let document = this.underway.get(url);
    if (document === undefined) {
      document = this.measured(this.fetchOnce(new URL(url))).finally(() => this.underway.delete(url));
      this.underway.set(url, document);
    }
    return document;
  }

  private async measured(document: Promise<unknown>): Promise<unknown> {
    const started = performance.now();
    let outcome: FetchOutcome = 'fetched';
    try {
      return await document;
    } catch (error) {
      outcome = error instanceof DocumentFetchError ? error.outcome : 'unusable';
      throw error;
    } finally {
      this.onFetched({ outcome, seconds: (performance.now() - started) / 1000 });
    }
  }

  private async fetchOnce(url: URL): Promise<unknown> {
    const count = this.perHost.get(url.hostname) ?? 0;
    if (this.underway.size >= PARALLEL || count >= PARALLEL_PER_HOST) {
      throw new DocumentFetchError('refused', 'Too many documents are being fetched.');
    }
    this.perHost.set(url.hostname, count + 1);
    const deadline = AbortSignal.timeout(DEADLINE);
    try {
      return JSON.parse(await this.download(url, deadline));
    } catch (cause) {
      throw cause instanceof DocumentFetchError
        ? cause
        : new DocumentFetchError(outcomeOf(cause, deadline), 'The document could not be fetched.', { cause });
    } finally {
      this.leave(url.hostname);
    }
  }

  private leave(hostname: string): void {
    const count = (this.perHost.get(hostname) ?? 1) - 1;
    if (count === 0) this.perHost.delete(hostname);
    else this.perHost.set(hostname, count);
  }

  private download(url: URL, deadline: AbortSignal): Promise<string> {
    // Node does not resolve, and so does not check, what is an address already.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !this.mayConnectTo(literal))
      throw new DocumentFetchError('refused', 'The address is not public.');
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.allowLoopback)) {
      throw new DocumentFetchError('refused', 'Only https is fetched.');
    }
    return new Promise((fulfil, reject) => {
      const { request } = url.protocol === 'https:' ? https : http;
      const outgoing = request(url, {
        agent: false,
        lookup: this.lookup,
        signal: deadline,
        headers: { accept: 'application/json', 'accept-encoding': 'identity' },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        fulfil(readBody(response));
      });
      outgoing.end();
    });
  }

  private mayConnectTo(address: string): boolean {
    return isPublicAddress(address) || (this.allowLoopback && isLoopbackAddress(address));
  }

  /** Resolves a name to addresses that may be connected to; fails when one of them may not. */
  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      // A name with one address inside is refused altogether: it has no honest use for the others.
      const [first] = error === null && addresses.every(({ address }) => this.mayConnectTo(address)) ? addresses : [];
      if (first === undefined)
        callback(error ?? new DocumentFetchError('refused', 'The name leads to an address that is not public.'), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** The parser's errors are the document's; every other is the network's, which calls a body that was cut off a reset. */
function outcomeOf(cause: unknown, deadline: AbortSignal): 'timeout' | 'unreachable' | 'unusable' {
  if (cause instanceof SyntaxError) return 'unusable';
  return deadline.aborted ? 'timeout' : 'unreachable';
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  try {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = response.headers;
    if (response.statusCode !== 200)
      throw new DocumentFetchError('unusable', 'The answer has another status than 200.');
    if (!JSON_TYPE.test(type)) throw new DocumentFetchError('unusable', 'The answer is not JSON by its Content-Type.');
    if (encoding !== 'identity') throw new DocumentFetchError('unusable', 'The answer is compressed.');
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_DOCUMENT) throw new DocumentFetchError('unusable', 'The answer is too large.');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}
