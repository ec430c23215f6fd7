import { PassThrough } from 'node:stream';
import type { Terminal } from './ask.ts';
import { confirm, expectConfirmation } from './confirm.ts';

function terminal(isTTY: boolean, answer?: string): Terminal {
  const input = new PassThrough();
  input.end(answer);
  return { input: Object.assign(input, { isTTY }), output: Object.assign(new PassThrough(), { isTTY }) };
}

describe('a confirmation', () => {
  it.each(['y\n', 'YES\n'])('is given by %p', async (answer) => {
    await expect(confirm('Change?', {}, terminal(true, answer))).resolves.toBeUndefined();
  });

  it.each(['n\n', '\n', 'yesterday\n', ''])('is not given by %p', async (answer) => {
    await expect(confirm('Change?', {}, terminal(true, answer))).rejects.toThrow('Nothing was changed.');
  });

  it('is impossible without a terminal, and not needed with --yes', () => {
    expect(() => {
      expectConfirmation({}, terminal(false));
    }).toThrow('--yes');
    expectConfirmation({ yes: true }, terminal(false));
  });

  it('that is impossible names the change', async () => {
    await expect(confirm('Change?', {}, terminal(false))).rejects.toThrow(/^Change\? A confirmation is needed/);
  });
});
