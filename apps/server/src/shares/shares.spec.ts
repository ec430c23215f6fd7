import { Shares, type Share } from './shares.ts';

describe('Shares', () => {
  /** Starts work with a share; returns the function that ends the work, or `undefined` if there is no share. */
  function hold(share: Share | undefined): (() => Promise<void>) | undefined {
    let end: () => void = () => undefined;
    const work = share?.during(new Promise<void>((resolve) => (end = resolve)));
    if (work === undefined) return undefined;
    return () => {
      end();
      return work;
    };
  }

  it('are limited in all', async () => {
    const shares = new Shares(2, { service: 2 });
    const end = hold(shares.take({ service: 1 }));
    hold(shares.take({ service: 2 }));
    expect(shares.take({ service: 3 })).toBeUndefined();
    await end!();
    expect(shares.take({ service: 3 })).toBeDefined();
  });

  it('are limited for each holder of each kind', async () => {
    const shares = new Shares(9, { service: 2, host: 1 });
    const end = hold(shares.take({ service: 1, host: 'a' }));
    expect(shares.take({ service: 2, host: 'a' })).toBeUndefined();
    hold(shares.take({ service: 1, host: 'b' }));
    expect(shares.take({ service: 1, host: 'c' })).toBeUndefined();
    hold(shares.take({ service: 2, host: 'c' }));
    await end!();
    expect(hold(shares.take({ service: 1, host: 'a' }))).toBeDefined();
  });

  it('are given back when the last piece of their work has settled, even if it failed', async () => {
    const shares = new Shares(1, {});
    const share = shares.take({})!;
    let cancel: () => void = () => undefined;
    const rest = share.during(
      new Promise<void>((_, reject) => {
        cancel = () => {
          reject(new Error('cancelled'));
        };
      }),
    );
    await expect(share.during(Promise.reject(new Error('The caller stops waiting.')))).rejects.toThrow();
    expect(shares.take({})).toBeUndefined();
    cancel();
    await expect(rest).rejects.toThrow('cancelled');
    expect(shares.take({})).toBeDefined();
  });
});
