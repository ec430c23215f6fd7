import { Logger, Module } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { Metrics } from '../observability/metrics.ts';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { Tracing } from '../observability/tracing.ts';
import { DocumentFetcher, type FetchOutcome } from './document-fetcher.ts';

const LOGGER = new Logger('DocumentFetcher');

/** Provides the one fetcher of documents, which is counted and traced. */
@Module({
  imports: [ObservabilityModule],
  providers: [
    {
      provide: DocumentFetcher,
      inject: [Config, Metrics, Tracing],
      useFactory: ({ allowLoopbackFetch }: Config, metrics: Metrics, tracing: Tracing | undefined) =>
        new DocumentFetcher(allowLoopbackFetch, (outcome, seconds, reason) => {
          if (reason !== undefined) LOGGER.warn(reason);
          metrics.countFetch(outcome, seconds);
          if (tracing !== undefined) traceFetch(tracing, outcome, seconds);
        }),
    },
  ],
  exports: [DocumentFetcher],
})
export class OutboundModule {}

function traceFetch(tracing: Tracing, outcome: FetchOutcome, seconds: number): void {
  const ended = Date.now();
  const span = tracing.startSpan('fetch document', { 'clientele.fetch.outcome': outcome }, ended - seconds * 1000);
  if (outcome !== 'fetched') span?.fail(outcome);
  span?.end(ended);
}
