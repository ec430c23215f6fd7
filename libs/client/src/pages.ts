/** Returns the query of a URL. A parameter that is undefined is omitted. */
export function query(parameters: object): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) result.set(name, String(value));
  return result;
}

/** Gets the pages of a list in their order, each only when it is needed. `next` is absent at the end. */
export async function* pages<Page extends { readonly next?: unknown }>(
  get: (after: Page['next'] | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  let after: Page['next'] | undefined;
  do {
    const page = await get(after);
    yield page;
    after = page.next;
  } while (after !== undefined);
}
