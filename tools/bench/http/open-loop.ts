import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import type { ClientPool } from './client-pool.ts';
import { percentile } from './load.ts';
import type { Plane } from './plane.ts';

export interface OpenLoad {
  /** Requests that arrive in a second, whether or not those before them were answered. */
  readonly rate: number;
  readonly seconds: number;
}

/** What became of the requests that were sent. */
export interface Arrivals {
  readonly sent: number;
  /** Requests sent in a second, as far as the generator kept up. */
  readonly sentPerSecond: number;
  /** How late requests were sent, milliseconds, at the 99th percentile: what the generator itself was behind. */
  readonly lag: number;
  readonly admitted: Latencies;
  /** Answered with 503 and `Retry-After` (RFC 9110 section 15.6.4). */
  readonly refused: Latencies;
  /** What was answered otherwise, or not at all. */
  readonly failed: number;
  readonly firstFailure: string | undefined;
}

export interface Latencies {
  readonly count: number;
  /** In a second, of the time until the last answer. */
  readonly perSecond: number;
  /** Milliseconds from when a request was sent. */
  readonly p50: number;
  readonly p99: number;
}

/** Connections that the generator opens at most: so many callers, each of whom has one. */
const CONNECTIONS = 2_048;

/** Milliseconds between one look at the clock and the next. */
const TICK = 1;

/** Sends updates to a server at a fixed rate, over as many connections as that takes. */
export class OpenLoop {
  private readonly connections: Pool;

  constructor(
    baseUrl: string,
    private readonly plane: Plane,
    private readonly clients: ClientPool,
  ) {
    this.connections = new Pool(baseUrl, { connections: CONNECTIONS, pipelining: 1 });
  }

  /** Sends for so long. */
  send(load: OpenLoad): Sending {
    const answers: Answers = { admitted: [], refused: [], failures: [] };
    const lags: number[] = [];
    const pending: Promise<void>[] = [];
    const startedAt = performance.now();
    const secondsSoFar = () => (performance.now() - startedAt) / 1000;
    const sent = this.keepSending(load, secondsSoFar, lags, () => pending.push(this.update(answers))).then(
      secondsSoFar,
    );
    const answered = async (): Promise<Arrivals> => {
      const sentFor = await sent;
      await Promise.all(pending);
      const answeredFor = secondsSoFar();
      const { admitted, refused, failures } = answers;
      return {
        sent: lags.length,
        sentPerSecond: lags.length / sentFor,
        lag: percentile(
          lags.sort((a, b) => a - b),
          0.99,
        ),
        admitted: latencies(admitted, answeredFor),
        refused: latencies(refused, answeredFor),
        failed: failures.length,
        firstFailure: failures[0],
      };
    };
    return { sent, answered: answered() };
  }

  private async keepSending(
    { rate, seconds }: OpenLoad,
    secondsSoFar: () => number,
    lags: number[],
    sendOne: () => void,
  ): Promise<void> {
    const total = Math.round(rate * seconds);
    while (lags.length < total) {
      const due = Math.min(total, Math.floor(secondsSoFar() * rate) + 1);
      while (lags.length < due) {
        lags.push((secondsSoFar() - lags.length / rate) * 1000);
        sendOne();
      }
      await setTimeout(TICK);
    }
  }

  close(): Promise<void> {
    return this.connections.destroy();
  }

  private update({ admitted, refused, failures }: Answers): Promise<void> {
    // So many are waiting for their answers that nothing more can be learned.
    if (this.clients.size === 0) {
      failures.push('not sent, for every client was being updated');
      return Promise.resolve();
    }
    const client = this.clients.take();
    const { method, path, headers, body } = this.plane.of('update', client);
    const sentAt = performance.now();
    const chunks: Buffer[] = [];
    let status = 0;
    let retryAfter: unknown;
    return new Promise((resolve) => {
      const done = () => {
        this.clients.giveBack(client);
        resolve();
      };
      this.connections.dispatch(
        { method, path, headers, body: body ?? null },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, statusCode, answerHeaders) => {
            status = statusCode;
            retryAfter = answerHeaders['retry-after'];
          },
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd: () => {
            const took = performance.now() - sentAt;
            const text = Buffer.concat(chunks).toString();
            if (this.plane.isSuccess('update', status, text)) admitted.push(took);
            else if (status === 503 && retryAfter !== undefined) refused.push(took);
            else failures.push(`HTTP ${status}, ${text.slice(0, 300)}`);
            done();
          },
          onResponseError: (_controller, error) => {
            failures.push(error.message);
            done();
          },
        },
      );
    });
  }
}

/** A load on its way. */
export interface Sending {
  /** When all was sent: after so many seconds. */
  readonly sent: Promise<number>;
  /** When all that was sent is answered. */
  readonly answered: Promise<Arrivals>;
}

interface Answers {
  readonly admitted: number[];
  readonly refused: number[];
  readonly failures: string[];
}

function latencies(values: number[], seconds: number): Latencies {
  values.sort((a, b) => a - b);
  return {
    count: values.length,
    perSecond: values.length / seconds,
    p50: percentile(values, 0.5),
    p99: percentile(values, 0.99),
  };
}
