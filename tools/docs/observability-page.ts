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

Monitor the server with \`/metrics\` and \`/health/*\`. They need no credentials, and are on the main port or, if set, only on
[\`MANAGEMENT_PORT\`](configuration.md). Set it if strangers can reach the main port.

## Health

| path | response |
| --- | --- |
| \`/health/live\` | 200 while the process responds; independent of the store. If it fails, restart the process. |
| \`/health/ready\` | 200 if the store responds within a second, its schema is current, and its secrets can be decrypted. Otherwise, and while the server stops, 503 with \`reasons\`. If it fails, send callers elsewhere; it recovers by itself. |
| \`/api/lifecycle/healthcheck\` | Authlete's: \`/health/ready\` as plain text, 200 \`OK\` or 500 \`NG\`; \`?extended=true\` adds the reasons. Always on the main port. |

## Metrics

\`/metrics\` uses the Prometheus text format. Label values are closed sets, without any client, service, token, address or path of a
caller. \`route\` is the pattern of a path, or \`none\` for an unknown path. \`code\` is the [result code](result-codes.md) on the API
plane, the OAuth error on the protocol plane, or empty.

${table(['name', 'type', 'labels', 'meaning'], rows)}

| label | values |
| --- | --- |
| \`outcome\` of registrations | \`success\`; \`refused\`: error of the client application, see \`result_code\`; \`failed\`: error of the server |
| \`outcome\` of fetches | \`fetched\`, \`refused\` (not sent: address, scheme, or too many others), \`timeout\`, \`unreachable\`, \`unusable\` (another status or type, too large, no JSON) |
| \`reason\` of store failures | \`unavailable\`, \`outcome_unknown\` (the connection was lost before the response), \`refused\` (the statement was wrong) |

Process metrics have the usual Node.js names: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`,
\`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_gc_duration_seconds\` and others.

## Traces

Set \`OTEL_EXPORTER_OTLP_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\` or \`OTEL_TRACES_EXPORTER=otlp\` to send traces by OTLP
over HTTP. Without them, or with \`OTEL_SDK_DISABLED=true\`, OpenTelemetry is not loaded. Other variables are
[OpenTelemetry's own](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): \`OTEL_SERVICE_NAME\`
(default \`clientele\`), \`OTEL_RESOURCE_ATTRIBUTES\`, \`OTEL_TRACES_SAMPLER\`, \`OTEL_EXPORTER_OTLP_HEADERS\`, \`OTEL_BSP_*\` and so on.
\`OTEL_EXPORTER_OTLP_PROTOCOL\` is \`http/protobuf\` or \`http/json\`.

| span | attributes |
| --- | --- |
| \`POST /api/:serviceId/client/registration/update\`: a request, by method and route | \`http.request.method\`, \`http.route\`, \`http.response.status_code\`; \`clientele.result_code\` and \`clientele.action\` on the API plane, \`clientele.error\` on the protocol plane |
| \`store read\`, \`store write\` (until durable) | \`db.system.name\`, \`db.query.summary\` (\`UPDATE client\`), \`db.operation.batch.size\` |
| \`fetch document\`: of a client or an issuer | \`clientele.fetch.outcome\`, as in the metrics |

- The API plane continues the caller's \`traceparent\` (W3C Trace Context). The protocol plane starts its own trace with a link to
  it, because strangers could override the sampler. It is not sent to hosts of fetched documents ([ADR 6](adr/0006-traces.md)).
- Health, metrics and requests refused for overload are not traced.
- Spans contain no token, secret, body, path, query or value of a statement.
- Log lines have the \`trace_id\` and \`span_id\` of their request.

## API description

\`/openapi.json\` describes every path of both planes (OpenAPI 3.1), like [openapi.json](openapi.json). \`/docs\` shows it on a
page without scripts or external resources. To create types, for example for \`openapi-fetch\` (members with a default are optional
in requests):

\`\`\`
npx openapi-typescript http://127.0.0.1:3000/openapi.json --default-non-nullable=false --output api.ts
\`\`\`

## Logs

Standard output has one JSON line per event, or short text on a terminal. Set [\`LOG_LEVEL\`](configuration.md); \`info\` logs
the method, route, status and milliseconds (\`ms\`) of every request except health and metrics.

\`reqId\` is the request ID, returned as \`X-Request-Id\`. A proxy can set it: 8 to 128 letters, digits and \`._~:=+/@-\`. Any other
value is replaced.

Logs contain no secrets. If an error of a library contains one, it is removed: members with the name of a secret, credentials,
JWTs, Clientele's tokens and client secrets by their form, and the token of the first start.

## Stopping

After \`SIGTERM\` or \`SIGINT\`, the server:

1. reports not ready, but continues for [\`SHUTDOWN_DELAY\`](configuration.md) milliseconds: set it to the time in which
   callers are redirected, for example by Kubernetes;
2. accepts no connections, and closes open ones after the next response (\`Connection: close\`); an idle connection may send one
   more request for a second;
3. gives running requests five seconds, then cuts them off;
4. commits pending writes, closes the store, sends the last spans (at most two seconds), and exits with 0, at most 10 seconds after
   \`SHUTDOWN_DELAY\`; if that fails, with 1.

A second signal stops it at once. After \`kill -9\`, the next start finds everything that was confirmed.
`;
}
