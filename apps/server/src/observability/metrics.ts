import type { Fetched } from '../outbound/document-fetcher.ts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds of an operation that mostly waits for a disk or a database near by. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const FETCH_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What a server of HTTP has to do at the moment. */
export interface HttpLoad {
  readonly requests: () => number;
  readonly connections: () => Promise<number>;
}

/**
 * Everything that is counted, under the names that Prometheus reads; docs/observability.md lists them from here. The values
 * of a label come from closed sets of this server: never a client, a service, an address or a path that a caller chose.
 *
 * @see https://prometheus.io/docs/practices/naming/
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private load: HttpLoad = { requests: () => 0, connections: () => Promise.resolve(0) };

  readonly requests = new Counter({
    name: 'clientele_http_requests_total',
    help: 'Requests by route, HTTP status, and the result code (API plane) or OAuth error (protocol plane) of the answer.',
    labelNames: ['method', 'route', 'status', 'code'],
    registers: this.registers,
  });

  readonly requestSeconds = new Histogram({
    name: 'clientele_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: REQUEST_SECONDS,
    registers: this.registers,
  });

  readonly requestsInFlight = new Gauge({
    name: 'clientele_http_requests_in_flight',
    help: 'Requests that are worked on; MAX_IN_FLIGHT is their limit.',
    registers: this.registers,
    collect: () => {
      this.requestsInFlight.set(this.load.requests());
    },
  });

  readonly requestsRefused = new Counter({
    name: 'clientele_http_requests_refused_total',
    help: 'Requests that were refused unread because too many were in flight. They are not in the other counts.',
    registers: this.registers,
  });

  readonly connections = new Gauge({
    name: 'clientele_http_connections',
    help: 'Connections that are open; MAX_CONNECTIONS is their limit.',
    registers: this.registers,
    collect: async () => {
      this.connections.set(await this.load.connections());
    },
  });

  readonly connectionsRefused = new Counter({
    name: 'clientele_http_connections_refused_total',
    help: 'Connections that were closed as they came because too many were open.',
    registers: this.registers,
  });

  readonly registrations = new Counter({
    name: 'clientele_registrations_total',
    help: 'Operations on client registrations on both planes, by outcome; for those refused, the result code of the rule that was broken.',
    labelNames: ['operation', 'outcome', 'result_code'],
    registers: this.registers,
  });

  readonly storeSeconds = new Histogram({
    name: 'clientele_store_duration_seconds',
    help: 'Time that the store took to answer, of a write until it was durable.',
    labelNames: ['operation'],
    buckets: STORE_SECONDS,
    registers: this.registers,
  });

  readonly storeFailures = new Counter({
    name: 'clientele_store_failures_total',
    help: 'Reads and writes that the store could not carry out.',
    labelNames: ['operation', 'reason'],
    registers: this.registers,
  });

  readonly writesWaiting = new Gauge({
    name: 'clientele_store_writes_waiting',
    help: 'Writes that wait to be durable.',
    registers: this.registers,
  });

  readonly commitWrites = new Histogram({
    name: 'clientele_store_commit_writes',
    help: 'Writes that shared one commit.',
    buckets: BATCH_SIZES,
    registers: this.registers,
  });

  readonly fetches = new Counter({
    name: 'clientele_outbound_fetches_total',
    help: 'Documents of clients and issuers that were fetched, by outcome.',
    labelNames: ['outcome'],
    registers: this.registers,
  });

  readonly fetchSeconds = new Histogram({
    name: 'clientele_outbound_fetch_duration_seconds',
    help: 'Time to fetch a document of a client or an issuer, however it ended.',
    buckets: FETCH_SECONDS,
    registers: this.registers,
  });

  /** Whom to ask how much is going on at the moment. */
  observeLoad(load: HttpLoad): void {
    this.load = load;
  }

  countFetch({ outcome, seconds }: Fetched): void {
    this.fetches.inc({ outcome });
    this.fetchSeconds.observe(seconds);
  }

  /** Also observes the process: CPU, memory, the lag of the event loop, garbage collection. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
