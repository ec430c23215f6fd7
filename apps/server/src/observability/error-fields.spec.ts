import { errorFields } from './error-fields.ts';

/** The message of an error with causes, the last one innermost. */
function messageOf([first = '', ...others]: readonly string[]): unknown {
  const cause = others.reduceRight<Error | undefined>((inner, text) => new Error(text, { cause: inner }), undefined);
  return errorFields(new Error(first, { cause })).message;
}

describe('the fields of an error in the log', () => {
  it.each<[string, readonly string[]]>([
    ['It failed.', ['It failed.']],
    ['It failed: the cause', ['It failed', 'the cause']],
    ['The disk is full. no space', ['The disk is full.', 'no space']],
    ['PostgreSQL cannot respond: refused', ['PostgreSQL cannot respond: refused', 'refused', 'refused']],
  ])('have the message %j for %j', (message, messages) => {
    expect(messageOf(messages)).toBe(message);
  });

  it('have the stack of each cause, and the code', () => {
    const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'X' });

    expect(errorFields(error)).toMatchObject({
      type: 'Error',
      code: 'X',
      stack: expect.stringMatching(/^Error: outer[^]*\ncaused by: TypeError: inner/) as string,
    });
  });

  it('end with a cause that is an earlier error', () => {
    const error = new Error('outer');
    error.cause = new Error('inner', { cause: error });

    expect(errorFields(error)).toMatchObject({ message: 'outer: inner' });
  });

  it('have the errors of an aggregate', () => {
    const error = new AggregateError([new Error('first')], 'all');

    expect(errorFields(error)).toMatchObject({ message: 'all', aggregateErrors: [{ message: 'first' }] });
  });

  it('are the message and the stack of an error of which Nest gives only these', () => {
    expect(errorFields({ message: 'x', stack: 'y' })).toEqual({ type: 'Object', message: 'x', stack: 'y' });
  });
});
