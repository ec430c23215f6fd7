import type { Environment } from './environment.ts';

/** The protocol of traces: OTLP over HTTP. */
export type OtlpProtocol = 'http/protobuf' | 'http/json';

const PROTOCOLS: readonly string[] = ['http/protobuf', 'http/json'] satisfies readonly OtlpProtocol[];

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/** Each of these variables enables traces. */
const SWITCHES = ['OTEL_TRACES_EXPORTER', ...ENDPOINTS];

/**
 * Reads whether and how traces are sent from the variables of OpenTelemetry. Its SDK reads the other variables (endpoint, headers,
 * sampler, batch, resource). `problems` has one line for each variable that is wrong.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function tracingConfig(environment: Environment): {
  readonly tracing: OtlpProtocol | undefined;
  readonly problems: readonly string[];
} {
  // The specification treats an empty variable as unset.
  const isSet = (variable: string): boolean => Boolean(environment[variable]);
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: disabled } = environment;
  if (disabled?.toLowerCase() === 'true' || exporter === 'none' || !SWITCHES.some(isSet)) {
    return { tracing: undefined, problems: [] };
  }
  const name = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find(isSet);
  const protocol = name === undefined ? 'http/protobuf' : environment[name];
  const problems = [
    ...(exporter && exporter !== 'otlp' ? ['OTEL_TRACES_EXPORTER must be otlp or none.'] : []),
    ...ENDPOINTS.filter((endpoint) => isSet(endpoint) && !isWebUrl(environment[endpoint] ?? '')).map(
      (endpoint) => `${endpoint} must be an http or https URL.`,
    ),
    ...(isProtocol(protocol) ? [] : [`${name ?? ''} must be one of ${PROTOCOLS.join(', ')}.`]),
  ];
  return { tracing: isProtocol(protocol) ? protocol : undefined, problems };
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function isProtocol(name: string | undefined): name is OtlpProtocol {
  return name !== undefined && PROTOCOLS.includes(name);
}
