import fastify, { type FastifyRequest } from 'fastify';
import { Config } from '../config/config.ts';
import { rateLimiters } from './rate-limits.ts';

describe('rate limits', () => {
  const { now } = Date;
  const monotonic = performance.now.bind(performance);

  afterEach(() => {
    Date.now = now;
    performance.now = monotonic;
  });

  const start = async () => {
    const config = Object.assign(new Config(), { rateLimitPerAddress: 1 });
    const { byAddress } = await rateLimiters(fastify(), config);
    return (callerAddress: string) =>
      byAddress({ callerAddress, routeOptions: { config: {} } } as FastifyRequest).then(
        () => 'counted',
        (error: unknown) => error,
      );
  };

  it('do not depend on the time of day, which may be set back', async () => {
    const from = await start();
    expect(await from('192.0.2.1')).toBe('counted');
    Date.now = () => now() - 86_400_000;

    expect(await from('192.0.2.1')).toMatchObject({ status: 429 });
    performance.now = () => monotonic() + 60_000;
    expect(await from('192.0.2.1')).toBe('counted');
  });

  it('count the 5000 most recent callers', async () => {
    const from = await start();
    for (let i = 0; i < 5000; i++) await from(`192.0.${i >> 8}.${i & 255}`);
    expect(await from('192.0.0.0')).toMatchObject({ status: 429 });
    await from('198.51.100.1');

    expect(await from('192.0.0.0')).toMatchObject({ status: 429 });
    expect(await from('192.0.0.1')).toBe('counted');
  });
});
