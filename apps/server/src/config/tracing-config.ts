/** How traces are sent: OTLP over HTTP. */
export type TracingConfig = 'http/protobuf' | 'http/json';

type Environment = Readonly<Record<string, string | undefined>>;

const PROTOCOLS: readonly string[] = ['http/protobuf', 'http/json'] satisfies readonly TracingConfig[];

/** Any of them asks for traces. */
const SWITCHES = ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/**
 * Whether and how traces are sent, by the variables that OpenTelemetry names; everything else (endpoint, headers, sampler, batch,
 * resource) its SDK reads itself. `problems` says of each variable what it must be where it is something else.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function tracingConfig(environment: Environment): {
  readonly tracing: TracingConfig | undefined;
  readonly problems: readonly string[];
} {
  // What is empty is unset, says the specification.
  const isSet = (variable: string): boolean => Boolean(environment[variable]);
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: disabled } = environment;
  if (disabled?.toLowerCase() === 'true' || exporter === 'none' || !SWITCHES.some(isSet)) {
    return { tracing: undefined, problems: [] };
  }
  const name = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find(isSet);
  const protocol = name === undefined ? 'http/protobuf' : environment[name];
  const problems = [
    ...(exporter && exporter !== 'otlp' ? ['OTEL_TRACES_EXPORTER must be otlp or none.'] : []),
    ...(isProtocol(protocol) ? [] : [`${name ?? ''} must be one of ${PROTOCOLS.join(', ')}.`]),
  ];
  return { tracing: isProtocol(protocol) ? protocol : undefined, problems };
}

function isProtocol(name: string | undefined): name is TracingConfig {
  return name !== undefined && PROTOCOLS.includes(name);
}
