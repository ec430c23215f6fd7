import type { LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Shares, type Share } from '../shares/shares.ts';
import { addressIn, isLoopbackAddress, isPublicAddress } from './addresses.ts';
import { newResolver, resolveName } from './name-resolution.ts';

/** Milliseconds for everything from resolving the name to the last byte. */
export const DEADLINE = 3_000;
/** Bytes of a document. Compressed documents are refused. */
export const LARGEST_DOCUMENT = 64 * 1024;
/** Fetches at the same time: in all, for the clients of one service, and from one host. */
export const PARALLEL = 32;
export const PARALLEL_PER_SERVICE = 8;
export const PARALLEL_PER_HOST = 4;

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;

/**
 * The outcome of a fetch. A `refused` fetch was never sent, because of its address or its scheme. A `busy` one was never sent, because
 * there were too many others: this is no fault of the document, and the caller may try again.
 */
export type FetchOutcome = 'fetched' | 'refused' | 'busy' | 'timeout' | 'unreachable' | 'unusable';

/** A document could not be fetched. Only the log has the reason, because a client must not learn about internal hosts. */
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
 * Fetches the JSON documents to which client metadata refers, only from the public internet. It checks the addresses of a name when it
 * connects, and connects to these addresses, so that a name cannot change between check and use. It follows no redirects, and uses
 * no proxies, cookies and persistent connections.
 */
export class DocumentFetcher {
  private readonly inProgress = new Map<string, Promise<unknown>>();
  private readonly shares = new Shares(PARALLEL, { service: PARALLEL_PER_SERVICE, host: PARALLEL_PER_HOST });

  /**
   * @param allowLoopback Whether documents may come from this machine, also by http: for development and tests.
   * @param onFetched Called after each fetch with its outcome and its seconds, and the reason if it failed.
   */
  constructor(
    private readonly allowLoopback: boolean,
    private readonly onFetched: (outcome: FetchOutcome, seconds: number, reason?: string) => void = () => undefined,
    private readonly resolverOf = newResolver,
  ) {}

  /** The JSON value at a URL, for a client of a service. Concurrent calls for one URL share a fetch. Throws `DocumentFetchError`. */
  fetchJson(url: string, serviceId: number): Promise<unknown> {
    let document = this.inProgress.get(url);
    if (document === undefined) {
      document = this.measured(this.fetchOnce(new URL(url), serviceId)).finally(() => this.inProgress.delete(url));
      this.inProgress.set(url, document);
    }
    return document;
  }

  private async measured(document: Promise<unknown>): Promise<unknown> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    try {
      const value = await document;
      this.onFetched('fetched', seconds());
      return value;
    } catch (error) {
      this.onFetched(error instanceof DocumentFetchError ? error.outcome : 'unusable', seconds(), reasonOf(error));
      throw error;
    }
  }

  private async fetchOnce(url: URL, serviceId: number): Promise<unknown> {
    const refusal = this.refusalOf(url);
    if (refusal !== undefined) throw new DocumentFetchError('refused', refusal);
    const share = this.shares.take({ service: serviceId, host: url.hostname });
    if (share === undefined) throw new DocumentFetchError('busy', 'Too many documents are being fetched.');
    const deadline = AbortSignal.timeout(DEADLINE);
    try {
      return JSON.parse(await share.during(this.download(url, deadline, share)));
    } catch (cause) {
      throw cause instanceof DocumentFetchError
        ? cause
        : new DocumentFetchError(outcomeOf(cause, deadline), `The document could not be fetched: ${reasonOf(cause)}`, {
            cause,
          });
    }
  }

  /** Why nothing is fetched from a URL; `undefined` if it may be. The addresses of a name are checked when it is looked up. */
  refusalOf(url: URL): string | undefined {
    const address = addressIn(url.hostname);
    if (address !== undefined && !this.mayConnectTo(address)) return 'The address is not public.';
    return url.protocol === 'https:' || (url.protocol === 'http:' && this.allowLoopback)
      ? undefined
      : 'Only https is fetched.';
  }

  /** The text of the document. Ends when the connection is closed. */
  private async download(url: URL, deadline: AbortSignal, share: Share): Promise<string> {
    const { request } = url.protocol === 'https:' ? https : http;
    const outgoing = request(url, {
      agent: false,
      lookup: this.lookupWith(deadline, share),
      signal: deadline,
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    });
    const closed = new Promise((resolve) => outgoing.on('close', resolve));
    try {
      return await new Promise((fulfil, reject) => {
        outgoing.on('error', reject);
        outgoing.on('response', (response) => {
          fulfil(readBody(response));
        });
        outgoing.end();
      });
    } finally {
      await closed;
    }
  }

  private mayConnectTo(address: string): boolean {
    return isPublicAddress(address) || (this.allowLoopback && isLoopbackAddress(address));
  }

  /** Resolves a name to its addresses. Fails if one of them is not allowed. The share is taken until the name server has responded. */
  private lookupWith(deadline: AbortSignal, share: Share): LookupFunction {
    return (hostname, { all }, callback) => {
      const respond = (addresses: LookupAddress[]): void => {
        const [first] = addresses;
        if (first === undefined || all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      };
      share
        .during(resolveName(hostname, deadline, this.resolverOf))
        .then((addresses) => this.expectReachable(addresses))
        .then(respond, (error: unknown) => {
          callback(error as NodeJS.ErrnoException, []);
        });
    };
  }

  /** A name with both public and internal addresses has no honest use. */
  private expectReachable(addresses: LookupAddress[]): LookupAddress[] {
    if (addresses.every(({ address }) => this.mayConnectTo(address))) return addresses;
    throw new DocumentFetchError('refused', 'The name leads to an address that is not public.');
  }
}

/** The message of an error, or its code: a connection that failed at every address of a host has no message. */
function reasonOf(error: unknown): string {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  return message === '' ? code : message;
}

/** An error of the parser is a fault of the document. All others are faults of the network, also a body that was cut off. */
function outcomeOf(cause: unknown, deadline: AbortSignal): 'timeout' | 'unreachable' | 'unusable' {
  if (cause instanceof SyntaxError) return 'unusable';
  return deadline.aborted ? 'timeout' : 'unreachable';
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  try {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = response.headers;
    if (response.statusCode !== 200) throw new DocumentFetchError('unusable', 'The status of the response is not 200.');
    if (!JSON_TYPE.test(type))
      throw new DocumentFetchError('unusable', 'The Content-Type of the response is not JSON.');
    if (encoding !== 'identity') throw new DocumentFetchError('unusable', 'The response is compressed.');
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_DOCUMENT) throw new DocumentFetchError('unusable', 'The response is too large.');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}
