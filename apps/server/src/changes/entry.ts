import { stateOf } from './mac.ts';
import type { Actor, Change, Difference, Subject } from './change.ts';
import { differencesOf } from './difference.ts';
import type { ChainHead } from './chains.ts';
import { macOf } from './mac.ts';
import type { PendingValues } from './pending-changes.ts';

/** The longest JSON text of a value in an entry, in characters. A longer value is stored as its SHA-256. */
export const LONGEST_VALUE = 4096;

/** A sealed entry of the log, as its body is read. */
export interface Entry {
  readonly v: 1;
  /** `0` for the installation. */
  readonly serviceId: string;
  readonly epoch: number;
  /** From 1, without gaps for each service. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly action: Change['action'];
  readonly actor: Actor;
  readonly subject: Subject & { readonly version?: number };
  readonly differences: readonly SealedDifference[];
  /** The hash of the row after the change. */
  readonly state?: string;
  readonly requestId?: string;
}

/** The value of a member, or its SHA-256 in base64url if it is longer than `LONGEST_VALUE`. */
export type SealedDifference = Difference & { readonly beforeSha256?: string; readonly afterSha256?: string };

/** The columns of an entry. */
export interface SealedEntry {
  readonly sequence: number;
  readonly clientId: number;
  readonly version: number;
  readonly body: string;
  readonly mac: string;
}

/** The entry that follows the head of a chain. */
export function sealedEntry(key: Buffer, head: ChainHead, pending: PendingValues): SealedEntry {
  const { differences = [], requestId, action, actor, subject } = JSON.parse(pending.change as string) as Change;
  const version = Number(pending.version);
  const sequence = head.sequence + 1;
  const entry: Entry = {
    v: 1,
    serviceId: String(head.serviceId),
    epoch: head.epoch,
    sequence,
    at: Number(pending.at),
    action,
    actor,
    subject: version === 0 ? subject : { ...subject, version },
    differences: [...documentDifferences(pending), ...differences].map(bounded),
    ...(pending.state !== null && { state: pending.state as string }),
    ...(requestId !== undefined && { requestId }),
  };
  const body = JSON.stringify(entry);
  return { sequence, clientId: Number(pending.client_id), version, body, mac: entryMac(key, head.mac, body) };
}

/** The HMAC of an entry, which covers all previous ones. */
export function entryMac(key: Buffer, previous: string, body: string): string {
  return macOf(key, ['clientele-entry-v1', previous, body]);
}

function documentDifferences({ document_before, document_after }: PendingValues): readonly Difference[] {
  if (document_before === document_after) return [];
  return differencesOf(objectIn(document_before), objectIn(document_after));
}

function objectIn(text: unknown): object {
  return text === null ? {} : (JSON.parse(text as string) as object);
}

function bounded({ member, ...values }: Difference): SealedDifference {
  const sealed: Record<string, unknown> = { member };
  for (const [name, value] of Object.entries(values)) {
    const text = JSON.stringify(value);
    if (text.length <= LONGEST_VALUE) sealed[name] = value;
    else sealed[`${name}Sha256`] = stateOf([text]);
  }
  return sealed as unknown as SealedDifference;
}
