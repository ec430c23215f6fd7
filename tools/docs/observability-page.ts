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
  return `# Observability

\`/metrics\` and \`/health/*\` need no credentials. They are on the main port or, if
[\`MANAGEMENT_PORT\`](configuration.md) is set, only there. Set it if strangers reach the main port.

## Health

| path | response |
| --- | --- |
| \`/health/live\` | 200 while the process responds; the store is not checked. Restart the process if it fails. |
| \`/health/ready\` | 200 if the store responds within a second and can write, its schema is not behind, its secrets can be decrypted, and the clock is usable. Otherwise, and while the server stops, 503 with \`reasons\`. If it fails, send callers elsewhere; it recovers by itself. |
| \`/api/lifecycle/healthcheck\` | Authlete's path: like \`/health/ready\`, as 200 \`OK\` or 500 \`NG\` in plain text; \`?extended=true\` adds the reasons. Always on the main port. |

## Metrics

\`/metrics\` uses the text format of Prometheus. All label values come from closed sets, which include no client, service, token,
or address or path of a caller.

| label | values |
| --- | --- |
| \`route\` | the pattern of a path, \`none\` for unknown paths |
| \`status\` | the HTTP status, or \`aborted\` if the caller has gone before the whole response was sent |
| \`code\` | the [result code](result-codes.md) on the API plane, the OAuth error on the protocol plane, or empty |
| \`outcome\` of registrations | \`success\`; \`refused\`: error of the client application, see \`result_code\`; \`failed\`: error of the server |
| \`outcome\` of fetches | \`fetched\`, \`refused\` (not sent because of its address or its scheme), \`busy\` (not sent because of too many others), \`timeout\`, \`unreachable\`, \`unusable\` (other status or type, too large, no JSON) |
| \`reason\` of store failures | \`unavailable\`, \`outcome_unknown\` (the connection was lost before the response), \`refused\` (the statement was wrong) |

${table(['name', 'type', 'labels', 'meaning'], rows)}

The process has the usual Node.js metrics: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`,
\`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_gc_duration_seconds\` and others.

To see them in Grafana, import [clientele.json](../deploy/grafana/clientele.json) and choose your Prometheus and its job.
[alerts.yaml](../deploy/prometheus/alerts.yaml) has alerts for Prometheus; the [runbook](runbook.md) says what to do.

## Traces

To send traces by OTLP over HTTP, set \`OTEL_EXPORTER_OTLP_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\` or
\`OTEL_TRACES_EXPORTER=otlp\`, and not \`OTEL_SDK_DISABLED=true\`. Otherwise, OpenTelemetry is not loaded. Other variables are
[OpenTelemetry's own](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/):

| variable | value |
| --- | --- |
| \`OTEL_SERVICE_NAME\` | \`clientele\` if unset |
| \`OTEL_EXPORTER_OTLP_PROTOCOL\` | \`http/protobuf\` or \`http/json\` |
| \`OTEL_RESOURCE_ATTRIBUTES\`, \`OTEL_TRACES_SAMPLER\`, \`OTEL_EXPORTER_OTLP_HEADERS\`, \`OTEL_BSP_*\` and so on | as in OpenTelemetry |

| span | attributes |
| --- | --- |
| \`POST /api/:serviceId/client/registration/update\`: a request, by method and route | \`http.request.method\`, \`http.route\`, \`http.response.status_code\`; \`clientele.result_code\` and \`clientele.action\` on the API plane, \`clientele.error\` on the protocol plane |
| \`store read\`, \`store write\` (until it is durable) | \`db.system.name\`, \`db.query.summary\` (\`UPDATE client\`), \`db.operation.batch.size\` |
| \`fetch document\`: of a client or an issuer | \`clientele.fetch.outcome\`, as in the metrics |

| topic | behaviour ([reasons](adr/0006-traces.md)) |
| --- | --- |
| API plane | continues the trace of the caller's \`traceparent\` (W3C Trace Context) |
| protocol plane | starts a trace linked to the caller's, because a stranger could otherwise override the sampler |
| fetched documents | their hosts receive no trace context |
| not traced | health, metrics, and requests refused for overload |
| never in a span | tokens, secrets, bodies, paths, queries, values of statements |
| log lines | contain the \`trace_id\` and \`span_id\` of their request |

## API description

\`/openapi.json\` describes every path of both planes (OpenAPI 3.1), as does [openapi.json](openapi.json). \`/docs\` displays it on a page that
has no scripts and loads nothing, with an example of each call for curl and for the SDK.

To generate types for a client such as \`openapi-fetch\`, with defaults optional in requests:

\`\`\`
npx openapi-typescript http://127.0.0.1:3000/openapi.json --default-non-nullable=false --output api.ts
\`\`\`

## Logs

The log is standard output: one JSON line per entry, or short text on a terminal. [\`LOG_LEVEL\`](configuration.md) selects the
entries. At \`info\`, each request except health and metrics has one line, \`request completed\`, when it ends:

| field | value |
| --- | --- |
| \`method\`, \`route\` | the pattern of the path |
| \`path\` | instead of \`route\` if the path is unknown; segments that are neither part of a known path nor a number are \`*\` |
| \`status\`, \`ms\` | the HTTP status, and milliseconds from the headers of the request to the end of the response |
| \`aborted\` | \`true\` if the caller has gone before the whole response was sent; then \`status\` is that of the result, if there is one |
| \`address\` | of the caller, also behind a trusted proxy |
| \`serviceId\`, \`clientId\` | if the request names one by its number, or the response is about one |
| \`actor\` | who was authenticated: \`api_access_token\` with the ID of the token, or \`client\` |
| \`resultCode\`, \`action\` | of the response on the API plane; on the protocol plane, the code of the rule that refused the request |
| \`error\` | the OAuth error on the protocol plane |

Requests that are refused because too many are in progress have no line of their own.

\`reqId\` is the request ID, returned as \`X-Request-Id\`. A proxy may supply \`X-Request-Id\` with 8 to 128 letters, digits and
\`._~:=+/@-\`; otherwise the server creates one.

The server logs no secrets. As a precaution, it redacts errors of libraries: members named like secrets, credentials, JWTs, our
tokens and client secrets by their shape, and the first start's token.

## Stopping

At \`SIGTERM\` or \`SIGINT\`, the server

1. reports "not ready" and continues for [\`SHUTDOWN_DELAY\`](configuration.md) milliseconds: set it to the time that a load
   balancer or Kubernetes needs to redirect callers;
2. accepts the connections that already wait, for at most two seconds in which it reads no requests, then no others;
3. closes each open connection with its next response (\`Connection: close\`); an idle connection may send one more request within a
   second;
4. allows current requests five seconds, then interrupts them;
5. commits waiting writes, sends the last spans (at most two seconds), closes the store, and exits within 11 seconds after
   \`SHUTDOWN_DELAY\`: with code 0, or 1 if it failed.

A second signal ends it immediately. After \`kill -9\`, the next start has every acknowledged change.
`;
}
