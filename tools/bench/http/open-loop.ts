import { setTimeout } from 'node:timers/promises';
import { BareConnections } from './bare-connections.ts';
import type { ClientPool } from './client-pool.ts';
import { percentile } from './load.ts';
import type { Plane } from './plane.ts';

export interface OpenLoad {
  /** Requests that arrive in a second, whether or not those before them were answered. */
  readonly rate: number;
  readonly seconds: number;
}

/** What became of the requests that arrived. */
export interface Arrivals {
  /** The part of one processor that the generator took. */
  readonly generator: number;
  readonly arrived: number;
  readonly arrivedPerSecond: number;
  /** Requests that were not sent, for the callers of all connections were waiting for answers. */
  readonly held: number;
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

/** Connections, each with a caller who sends nothing while it waits: no more can be in flight. */
const CONNECTIONS = 1_024;

/** Milliseconds between one look at the clock and the next. */
const TICK = 1;

/** Sends updates to a server at a fixed rate, whether or not it keeps up. */
export class OpenLoop {
  private readonly connections: BareConnections;

  constructor(
    baseUrl: string,
    private readonly plane: Plane,
    private readonly clients: ClientPool,
  ) {
    this.connections = new BareConnections(baseUrl);
  }

  /** Opens its connections. */
  open(): Promise<void> {
    return this.connections.openMany(CONNECTIONS);
  }

  /** Sends for so long. */
  send(load: OpenLoad): Sending {
    const answers: Answers = { admitted: [], refused: [], failures: [], held: 0 };
    const lags: number[] = [];
    const pending: Promise<void>[] = [];
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const secondsSoFar = () => (performance.now() - startedAt) / 1000;
    const sent = this.keepSending(load, secondsSoFar, lags, () => pending.push(this.update(answers))).then(
      secondsSoFar,
    );
    const answered = async (): Promise<Arrivals> => {
      const sentFor = await sent;
      const { user, system } = process.cpuUsage(cpuBefore);
      await Promise.all(pending);
      const answeredFor = secondsSoFar();
      const { admitted, refused, failures } = answers;
      return {
        generator: (user + system) / 1_000_000 / sentFor,
        arrived: lags.length,
        arrivedPerSecond: lags.length / sentFor,
        held: answers.held,
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

  close(): void {
    this.connections.close();
  }

  private update(answers: Answers): Promise<void> {
    const { admitted, refused, failures } = answers;
    const client = this.clients.take();
    const sentAt = performance.now();
    return new Promise((resolve) => {
      const isSent = this.connections.call(this.plane.of('update', client), (answer) => {
        const took = performance.now() - sentAt;
        if (answer instanceof Error) failures.push(answer.message);
        else if (this.plane.isSuccess('update', answer.status, answer.body)) admitted.push(took);
        else if (answer.status === 503 && /\r\nretry-after: /i.test(answer.head)) refused.push(took);
        else failures.push(`HTTP ${answer.status}, ${answer.body.slice(0, 300)}`);
        this.clients.giveBack(client);
        resolve();
      });
      if (isSent) return;
      answers.held += 1;
      this.clients.giveBack(client);
      resolve();
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
  held: number;
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
