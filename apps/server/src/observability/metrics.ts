import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const FETCH_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** The current load of the HTTP server, and what it has refused since its start. */
export interface HttpLoad {
  readonly requests: () => number;
  readonly connections: () => number;
  readonly refusedRequests: () => number;
  readonly refusedConnections: () => number;
  readonly closedConnections: () => number;
}

/**
 * All metrics. docs/observability.md lists them from here. The values of a label come from closed sets: never a client, a service,
 * an address or a path that a caller chose.
 *
 * @see https://prometheus.io/docs/practices/naming/
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private load: HttpLoad = {
    requests: () => 0,
    connections: () => 0,
    refusedRequests: () => 0,
    refusedConnections: () => 0,
    closedConnections: () => 0,
  };

  readonly ready = new Gauge({
    name: 'clientele_ready',
    help: '1 if the server can serve callers, as /health/ready says; otherwise 0.',
    registers: this.registers,
  });

  readonly requests = new Counter({
    name: 'clientele_http_requests_total',
    help: 'Requests by route, HTTP status, and the result code (API plane) or OAuth error (protocol plane) of the response.',
    labelNames: ['method', 'route', 'status', 'code'],
    registers: this.registers,
  });

  readonly requestSeconds = new Histogram({
    name: 'clientele_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its response.',
    labelNames: ['method', 'route'],
    buckets: REQUEST_SECONDS,
    registers: this.registers,
  });

  readonly requestsInFlight = new Gauge({
    name: 'clientele_http_requests_in_flight',
    help: 'Requests in progress. MAX_IN_FLIGHT is their limit.',
    registers: this.registers,
    collect: () => {
      this.requestsInFlight.set(this.load.requests());
    },
  });

  readonly requestsRefused = new Counter({
    name: 'clientele_http_requests_refused_total',
    help: 'Requests that were refused unread because too many were in progress. The other metrics do not count them.',
    registers: this.registers,
    collect: () => {
      setTo(this.requestsRefused, this.load.refusedRequests());
    },
  });

  readonly connections = new Gauge({
    name: 'clientele_http_connections',
    help: 'Open connections. MAX_CONNECTIONS is their limit.',
    registers: this.registers,
    collect: () => {
      this.connections.set(this.load.connections());
    },
  });

  readonly connectionsRefused = new Counter({
    name: 'clientele_http_connections_refused_total',
    help: 'Connections that were closed at once because too many were open from their address, or too many were busy.',
    registers: this.registers,
    collect: () => {
      setTo(this.connectionsRefused, this.load.refusedConnections());
    },
  });

  readonly connectionsClosed = new Counter({
    name: 'clientele_http_connections_closed_total',
    help: 'Connections that waited longest for their callers, and were closed in favour of new ones.',
    registers: this.registers,
    collect: () => {
      setTo(this.connectionsClosed, this.load.closedConnections());
    },
  });

  private rendered: Promise<string> | undefined;

  readonly registrations = new Counter({
    name: 'clientele_registrations_total',
    help: 'Operations on client registrations on both planes, by outcome. A refused operation has the result code of the rule that refused it.',
    labelNames: ['operation', 'outcome', 'result_code'],
    registers: this.registers,
  });

  readonly sealedChanges = new Counter({
    name: 'clientele_audit_sealed_changes_total',
    help: 'Changes that this process has moved to the sealed audit log.',
    registers: this.registers,
  });

  readonly oldestPendingChange = new Gauge({
    name: 'clientele_audit_oldest_pending_change_seconds',
    help: 'Age of the oldest change that is not sealed yet, as the process with the lease of the sealer found it last.',
    registers: this.registers,
  });

  readonly storeSeconds = new Histogram({
    name: 'clientele_store_duration_seconds',
    help: 'Time of reads, and of writes until they were durable.',
    labelNames: ['operation'],
    buckets: STORE_SECONDS,
    registers: this.registers,
  });

  readonly storeFailures = new Counter({
    name: 'clientele_store_failures_total',
    help: 'Reads and writes that failed.',
    labelNames: ['operation', 'reason'],
    registers: this.registers,
  });

  readonly writesWaiting = new Gauge({
    name: 'clientele_store_writes_waiting',
    help: 'Writes that are not durable yet.',
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
    help: 'Fetches of documents of clients and issuers, by outcome.',
    labelNames: ['outcome'],
    registers: this.registers,
  });

  readonly fetchSeconds = new Histogram({
    name: 'clientele_outbound_fetch_duration_seconds',
    help: 'Time of fetches of documents of clients and issuers, with any outcome.',
    buckets: FETCH_SECONDS,
    registers: this.registers,
  });

  /** The text for Prometheus. Concurrent readers share it, because it takes time and anybody may call. */
  text(): Promise<string> {
    this.rendered ??= this.registry.metrics().finally(() => (this.rendered = undefined));
    return this.rendered;
  }

  /** Sets the source of the current load. */
  observeLoad(load: HttpLoad): void {
    this.load = load;
  }

  countFetch(outcome: string, seconds: number): void {
    this.fetches.inc({ outcome });
    this.fetchSeconds.observe(seconds);
  }

  /** Adds metrics of the process: CPU, memory, event loop, garbage collection. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}

/** Sets a counter to a number that is counted elsewhere. */
function setTo(counter: Counter, count: number): void {
  counter.reset();
  counter.inc(count);
}
