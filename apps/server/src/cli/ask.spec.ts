import { PassThrough } from 'node:stream';
import { ask, askSecret } from './ask.ts';

function terminal(typed: string) {
  const input = new PassThrough();
  input.end(typed);
  const output = new PassThrough();
  return { input, output, shown: () => String(output.read()) };
}

describe('a person at a terminal', () => {
  it('is asked for a secret, which is not shown', async () => {
    const { shown, ...streams } = terminal('a-secret\n');

    expect(await askSecret('Secret: ', streams)).toBe('a-secret');
    expect(shown()).toBe('Secret: \n');
  });

  it('ends the command with Ctrl-C, also while nothing is shown', async () => {
    await expect(askSecret('Secret: ', terminal('a-se\u0003'))).rejects.toThrow('Nothing was changed.');
  });

  it('gives no answer at the end of the input', async () => {
    expect(await ask('URL: ', terminal(''))).toBe('');
  });
});
