import { whileRead } from './while-read.ts';

async function* of(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

describe('whileRead', () => {
  it('yields the texts to a reader that asks for them, and does not stop them', async () => {
    let stopped = false;
    const texts = whileRead(of('a', 'b'), 60_000, () => {
      stopped = true;
    });

    expect([await texts.next(), await texts.next(), await texts.next()].map(({ value }) => value as unknown)).toEqual([
      'a',
      'b',
      undefined,
    ]);
    expect(stopped).toBe(false);
  });

  it('stops the texts if the reader asks for no more', async () => {
    await new Promise<void>((resolve) => {
      void whileRead(of('a', 'b'), 1, resolve).next();
    });
  });
});
