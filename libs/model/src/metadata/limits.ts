/** Limits for what a stranger may send. docs/limits.md documents the numbers. */
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
  /** Keys of one JWK Set: to judge one on the curve P-521 takes a server more than a millisecond. */
  keys: 16,
  /** Characters of one language tag. */
  languageTag: 35,
  /** Language tags of one member. */
  languageTags: 100,
} as const;
