interface ErrorFields {
  readonly [name: string]: unknown;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/**
 * The fields of an error in the log. Its message has that of each cause, unless an earlier one repeats it; its stack has that of
 * each cause.
 */
export function errorFields(error: { readonly message: string; readonly stack?: string }): ErrorFields {
  // Nest gives the message and the stack of some errors only.
  if (!(error instanceof Error)) return { type: 'Object', message: error.message, stack: error.stack ?? '' };
  const chain = new Set<Error>();
  for (let each: unknown = error; each instanceof Error && !chain.has(each); each = each.cause) chain.add(each);
  let message = '';
  for (const each of chain) {
    if (!message.includes(each.message)) message += `${separatorAfter(message)}${each.message}`;
  }
  return {
    ...Object.fromEntries(Object.entries(error)),
    type: error.constructor.name,
    message,
    stack: Array.from(chain, ({ stack }) => stack).join('\ncaused by: '),
    ...(error instanceof AggregateError && { aggregateErrors: (error.errors as Error[]).map(errorFields) }),
  };
}

/** Before the message of a cause; a sentence has ended already. */
function separatorAfter(message: string): string {
  if (message === '') return '';
  return message.endsWith('.') ? ' ' : ': ';
}
