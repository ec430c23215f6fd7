/** The checks in the order of the report (docs/operations.md). */
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
  'registration',
  'proxy-headers',
  'server',
  'reachability',
  'discovery',
  'endpoints',
  'connection',
  'clock',
] as const;

export type Check = (typeof CHECKS)[number];

export type Outcome = 'ok' | 'warning' | 'failed';

/** One result of a check, which can have several. Contains no secrets. */
export interface Finding {
  readonly check: Check;
  readonly result: Outcome;
  /** The observation. */
  readonly seen: string;
  /** The remedy. */
  readonly advice?: string;
}

export function ok(check: Check, seen: string): Finding {
  return { check, result: 'ok', seen };
}

/** Something that can be intended, or that prevents other checks. */
export function warning(check: Check, seen: string, advice: string): Finding {
  return { check, result: 'warning', seen, advice };
}

/** Something that loses data, blocks clients or reveals secrets. */
export function failed(check: Check, seen: string, advice: string): Finding {
  return { check, result: 'failed', seen, advice };
}
