import type { KeyObject } from 'node:crypto';
import type { Actor, Change, Difference, Subject } from './change.ts';
import { differencesOf } from './difference.ts';
import type { ChainHead } from './chains.ts';
import { hashOfDocument, macOf } from './mac.ts';
import type { PendingValues } from './pending-changes.ts';

/** The longest JSON text of a value in an entry, in characters. A longer value is stored as its SHA-256. */
export const LONGEST_VALUE = 4096;

/** The longest JSON text of all differences of an entry, in characters. Beyond it, the entry has only the SHA-256 of the documents. */
export const LONGEST_DIFFERENCES = 16_384;

/** The member that stands for all members. */
export const EVERY_MEMBER = '*';

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
export function sealedEntry(key: KeyObject, head: ChainHead, pending: PendingValues): SealedEntry {
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
    differences: boundedDifferences(pending, differences),
    ...(pending.state !== null && { state: pending.state as string }),
    ...(requestId !== undefined && { requestId }),
  };
  const body = JSON.stringify(entry);
  return { sequence, clientId: Number(pending.client_id), version, body, mac: entryMac(key, head.mac, body) };
}

/** The HMAC of an entry, which covers all previous ones. */
export function entryMac(key: KeyObject, previous: string, body: string): string {
  return macOf(key, ['clientele-entry-v1', previous, body]);
}

/** The differences of the documents and the others, as far as an entry may contain them. */
function boundedDifferences(pending: PendingValues, others: readonly Difference[]): readonly SealedDifference[] {
  const { document_before: before, document_after: after } = pending;
  const ofDocument = before === after ? [] : differencesOf(objectIn(before), objectIn(after)).map(bounded);
  const sealed = others.map(bounded);
  if (JSON.stringify(ofDocument).length <= LONGEST_DIFFERENCES) return [...ofDocument, ...sealed];
  const documents: SealedDifference = {
    member: EVERY_MEMBER,
    ...(before !== null && { beforeSha256: hashOfDocument(before as string) }),
    ...(after !== null && { afterSha256: hashOfDocument(after as string) }),
  };
  return [documents, ...sealed];
}

function objectIn(text: unknown): object {
  return text === null ? {} : (JSON.parse(text as string) as object);
}

function bounded(difference: Difference): SealedDifference {
  const { member, before, after } = difference;
  return { member, ...boundedValue('before', before), ...boundedValue('after', after) };
}

function boundedValue(name: 'before' | 'after', value: unknown): Partial<SealedDifference> {
  if (value === undefined) return {};
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? { [name]: value } : { [`${name}Sha256`]: hashOfDocument(text) };
}
