import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received span. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty or absent for the first span of a trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2: server, 3: client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 2: error. */
  readonly status: { readonly code?: number; readonly message?: string };
}

interface SentAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly SentAttribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'links'> & {
        readonly attributes: readonly SentAttribute[];
        readonly links?: ReceivedSpan['links'];
      })[];
    }[];
  }[];
}

/** A collector for OpenTelemetry's exporters on loopback. It understands OTLP in JSON. */
export class TraceCollector {
  readonly spans: ReceivedSpan[] = [];
  /** The attributes of the resources of the spans. */
  readonly resources: Readonly<Record<string, string | number | undefined>>[] = [];
  /** All received requests as text. */
  text = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        this.text += `${request.url ?? ''} ${JSON.stringify(request.headers)} ${text}\n`;
        if (request.headers['content-type'] === 'application/json') this.receive(JSON.parse(text) as Sent);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  static async listening(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  /** The settings with which a server sends its traces here. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive({ resourceSpans }: Sent): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resources.push(byName(resource.attributes));
      for (const { spans } of scopeSpans) {
        this.spans.push(
          ...spans.map(({ attributes, links = [], ...span }) => ({ ...span, links, attributes: byName(attributes) })),
        );
      }
    }
  }
}

function byName(attributes: readonly SentAttribute[]): Readonly<Record<string, string | number | undefined>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
