const PARALLEL = 4;

/**
 * Calls a function for each item, a few at a time, and returns the results in the order of the items. After the first failure it
 * begins no further call, waits for those that run, and throws.
 */
export async function inParallel<T, Result>(
  items: readonly T[],
  call: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failures.length > 0) return;
      try {
        results[index] = await call(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
