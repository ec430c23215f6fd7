/** Yields texts as they are asked for. Calls `stop` if the reader asks for no more for some milliseconds, so that it holds nothing for ever. */
export async function* whileRead(
  texts: AsyncIterable<string>,
  longestPause: number,
  stop: () => void,
): AsyncGenerator<string> {
  for await (const text of texts) {
    const timer = setTimeout(stop, longestPause).unref();
    try {
      yield text;
    } finally {
      clearTimeout(timer);
    }
  }
}
