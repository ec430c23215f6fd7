/** Limits of a request. docs/limits.md documents the numbers. */
export const LIMITS = {
  /** Characters of the whole JSON text. */
  json: 65_536,
  /** Levels of nesting in the JSON text. */
  depth: 32,
  /** Characters of one string. */
  text: 2_000,
  /** Characters of one URI. */
  uri: 2_048,
  /** Elements of one list. */
  elements: 100,
  /** Keys of one JWK Set. The check of a P-521 key may take a server more than a millisecond. */
  keys: 16,
  /** Characters of one language tag. */
  languageTag: 35,
  /** Language tags of one member. */
  languageTags: 100,
  /** Seconds of a duration. */
  seconds: 2 ** 31 - 1,
} as const;
