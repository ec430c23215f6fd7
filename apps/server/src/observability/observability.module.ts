import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { Metrics } from './metrics.ts';
import { Tracing } from './tracing.ts';

/** Provides `Metrics`, and `Tracing`, which is `undefined` unless the configuration enables traces. */
@Module({
  providers: [
    Metrics,
    {
      provide: Tracing,
      inject: [Config],
      useFactory: openTracing,
    },
  ],
  exports: [Metrics, Tracing],
})
export class ObservabilityModule implements OnApplicationShutdown {
  constructor(@Inject(Tracing) private readonly tracing: Tracing | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracing?.close();
  }
}

async function openTracing({ tracing }: Config): Promise<Tracing | undefined> {
  if (tracing === undefined) return undefined;
  // Imported only here, because most servers send no traces.
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(tracing);
}
