import { crashTest } from './crash-test.ts';

describe('the crash test', () => {
  it('finds every acknowledged change after the server was killed', async () => {
    const rounds = 3;
    const { acknowledged, inFlight, restarts, sealed, pending } = await crashTest({ rounds, seed: 1 });

    expect(acknowledged.register).toBeGreaterThan(0);
    expect(acknowledged.update).toBeGreaterThan(0);
    expect(acknowledged.delete).toBeGreaterThan(0);
    expect(inFlight).toBeGreaterThan(0);
    expect(restarts).toHaveLength(rounds);
    expect(sealed).toBeGreaterThan(0);
    const changes = acknowledged.register + acknowledged.update + acknowledged.delete;
    expect(sealed + pending).toBeGreaterThan(changes);
  });

  it('finds every acknowledged change after the server and PostgreSQL were killed in turn', async () => {
    const figures = await crashTest({ engine: 'postgresql', rounds: 2, seed: 1 });

    expect(figures).toMatchObject({ killedServers: 1, killedStores: 1 });
    expect(figures.acknowledged.update).toBeGreaterThan(0);
    expect(figures.failed.unavailable).toBeGreaterThan(0);
    expect(figures.recoveries).toHaveLength(1);
    expect(figures.sealed).toBeGreaterThan(figures.acknowledged.update);
  });
});
