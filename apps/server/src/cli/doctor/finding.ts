/** What is looked at, in this order (docs/operations.md). */
export const CHECKS = [
  'configuration',
  'outbound',
  'store',
  'schema',
  'durability',
  'file-system',
  'permissions',
  'encryption-keys',
  'base-url',
  'proxy-headers',
  'server',
  'reachability',
  'discovery',
  'clock',
] as const;

export type Check = (typeof CHECKS)[number];

export type Outcome = 'ok' | 'warning' | 'failed';

/** What was found by one check; it may find more than one thing. Never holds a secret. */
export interface Finding {
  readonly check: Check;
  readonly result: Outcome;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function ok(check: Check, seen: string): Finding {
  return { check, result: 'ok', seen };
}

/** Something that may be meant, or that only limits what could be looked at. */
export function warning(check: Check, seen: string, advice: string): Finding {
  return { check, result: 'warning', seen, advice };
}

/** Something that loses data, locks clients out, or gives away what it should not. */
export function failed(check: Check, seen: string, advice: string): Finding {
  return { check, result: 'failed', seen, advice };
}
