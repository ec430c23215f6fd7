/** Jest's asymmetric matchers without the type `any`. */

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

export function any(constructor: typeof Number | typeof String): unknown {
  return expect.any(constructor);
}
