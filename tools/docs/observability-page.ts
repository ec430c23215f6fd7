import { Metrics } from '../../apps/server/src/observability/metrics.ts';
import { code, table } from './markdown.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

export function observabilityPage(): string {
  const metrics = new Metrics().registry.getMetricsAsArray() as unknown as readonly Metric[];
  const rows = metrics.map(({ name, type, labelNames, help }) => [
    code(name),
    type,
    labelNames.map(code).join(', '),
    help,
  ]);
  return `# Seeing what the server does

\`/metrics\` and \`/health/*\` need no credentials. They are on the main port, or on [\`MANAGEMENT_PORT\`](configuration.md) alone
where that is set: set it wherever strangers reach the main port.

## Health

| path | answer |
| --- | --- |
| \`/health/live\` | 200 as long as the process answers; the store is not asked. Start the process anew when it fails. |
| \`/health/ready\` | 200 when the store answers within a second, its schema is not behind, and its secrets can be decrypted; otherwise, and while the server stops, 503 with the \`reasons\`. Send callers elsewhere when it fails; it becomes 200 again by itself. |
| \`/api/lifecycle/healthcheck\` | Authlete's: the same as \`/health/ready\`, as 200 \`OK\` or 500 \`NG\` in plain text; \`?extended=true\` adds the reasons. Always on the main port. |

## Metrics

\`/metrics\` is in the text format of Prometheus. The values of labels come from closed sets: no client, service, token, address or
path of a caller is in one. \`route\` is the pattern of a path, \`none\` where there is no such path; \`code\` is the
[result code](result-codes.md) on the API plane and the OAuth error on the protocol plane, empty where the answer has neither.

${table(['name', 'type', 'labels', 'meaning'], rows)}

| label | values |
| --- | --- |
| \`outcome\` of registrations | \`success\`; \`refused\`: the client application erred, \`result_code\` says how; \`failed\`: the server did |
| \`outcome\` of fetches | \`fetched\`, \`refused\` (not sent: by its address, its scheme, or too many others), \`timeout\`, \`unreachable\`, \`unusable\` (another status or type, too large, no JSON) |
| \`reason\` of store failures | \`unavailable\`, \`outcome_unknown\` (the connection was lost before the answer came), \`refused\` (the statement was wrong) |

The process is observed under the names that are usual for Node.js: \`process_cpu_seconds_total\`,
\`process_resident_memory_bytes\`, \`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_gc_duration_seconds\` and others.

## Traces

The server sends traces by OTLP over HTTP when \`OTEL_EXPORTER_OTLP_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\` or
\`OTEL_TRACES_EXPORTER=otlp\` is set, and not \`OTEL_SDK_DISABLED=true\`; without them nothing of OpenTelemetry is loaded. The other
variables are [OpenTelemetry's own](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/):
\`OTEL_SERVICE_NAME\` (\`clientele\` when unset), \`OTEL_RESOURCE_ATTRIBUTES\`, \`OTEL_TRACES_SAMPLER\`, \`OTEL_EXPORTER_OTLP_HEADERS\`,
\`OTEL_BSP_*\` and so on. \`OTEL_EXPORTER_OTLP_PROTOCOL\` is \`http/protobuf\` or \`http/json\`.

| span | attributes |
| --- | --- |
| \`POST /api/:serviceId/client/registration/update\`: a request, by method and route | \`http.request.method\`, \`http.route\`, \`http.response.status_code\`; \`clientele.result_code\` and \`clientele.action\` on the API plane, \`clientele.error\` on the protocol plane |
| \`store read\`, \`store write\` (until it is durable) | \`db.system.name\`, \`db.query.summary\` (\`UPDATE client\`), \`db.operation.batch.size\` |
| \`fetch document\`: of a client or an issuer | \`clientele.fetch.outcome\`, as in the metrics |

On the API plane a trace goes on from the caller's \`traceparent\` (W3C Trace Context). The callers of the protocol plane are
strangers, who could make the server keep traces that its sampler would not: there a trace of its own begins, with a link to
theirs. Who documents are fetched from is told nothing. Health, metrics and requests that are refused for being too many are not
traced. No span holds a token, a secret, a body, a path, a query or a value of a statement. Lines of the log have the
\`trace_id\` and \`span_id\` of their request. Why it is done so: [ADR 6](adr/0006-traces.md).

## Description of the API

\`/openapi.json\` describes every path of both planes (OpenAPI 3.1); [openapi.json](openapi.json) is the same document.
\`/docs\` shows it to people, on a page without scripts that loads nothing. Types of a client for it, for example for
\`openapi-fetch\`; members that have a default may be left out in requests:

\`\`\`
npx openapi-typescript http://127.0.0.1:3000/openapi.json --default-non-nullable=false --output api.ts
\`\`\`

## Logs

The log goes to the standard output: one line of JSON each, or a short text for people where that is a terminal.
[\`LOG_LEVEL\`](configuration.md) says what is in it; at \`info\` every request has one line with its method, route, status and
milliseconds (\`ms\`), but those for health and metrics.

\`reqId\` is the ID of the request, which its answer has as \`X-Request-Id\`. A proxy can give it: an \`X-Request-Id\` of 8 to 128
letters, digits and \`._~:=+/@-\` is taken as it is, and in the place of any other a new one is made.

Nothing that the server logs holds a secret. Should an error of a library do so, it is taken out of the line: members with the
name of a secret, credentials, JWTs, our tokens and client secrets by their shape, and the token of the first start.

## Stopping

At \`SIGTERM\` or \`SIGINT\` the server

1. is not ready from then on, and goes on as before for [\`SHUTDOWN_DELAY\`](configuration.md) milliseconds: where something
   else takes a while to send callers elsewhere (Kubernetes does), set it to that while;
2. accepts no more connections, and ends each that is open with its next answer (\`Connection: close\`); one that is between two
   requests may bring one more for a second;
3. gives what is under way five seconds, then cuts it off;
4. commits what waits to be written, closes the store, sends the last spans (two seconds at most), and ends with exit code 0, 10
   seconds after \`SHUTDOWN_DELAY\` at the latest; with 1 where it could not do so.

A second signal ends it at once. After \`kill -9\` the next start finds everything that was acknowledged.
`;
}
