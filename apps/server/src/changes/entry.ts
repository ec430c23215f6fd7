import type { KeyObject } from 'node:crypto';
import type { Actor, Change, Difference, Subject } from './change.ts';
import { differencesOf } from './difference.ts';
import type { ChainHead } from './chains.ts';
import { hashOfDocument, macOf } from './mac.ts';
import type { PendingValues } from './pending-changes.ts';

/** The longest JSON text of a value in an entry, in bytes. A longer value is stored as its SHA-256. */
export const LONGEST_VALUE = 4096;

/** The longest JSON text of the differences between two documents, in bytes. Beyond it, the entry has the SHA-256 of the documents. */
export const LONGEST_DIFFERENCES = 8192;

/** The member that stands for all members. */
const EVERY_MEMBER = '*';

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
    differences: sealedDifferences(
      { before: pending.document_before as string | null, after: pending.document_after as string | null },
      differences,
    ),
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

/** The documents before and after a change; `null` if there was none. */
interface ChangedDocument {
  readonly before: string | null;
  readonly after: string | null;
}

/** The differences between the documents, as far as an entry may contain them, and the others. */
export function sealedDifferences(
  { before, after }: ChangedDocument,
  others: readonly Difference[],
): readonly SealedDifference[] {
  return [...(before === after ? [] : documentDifferences(before, after)), ...others.map(bounded)];
}

function documentDifferences(before: string | null, after: string | null): readonly SealedDifference[] {
  const [previous, next] = [parsed(before), parsed(after)];
  const differences = previous && next && differencesOf(previous, next).map(bounded);
  // Without a difference, a number differs beyond double precision.
  if (differences?.length && Buffer.byteLength(JSON.stringify(differences)) <= LONGEST_DIFFERENCES) return differences;
  return [
    {
      member: EVERY_MEMBER,
      ...(before !== null && { beforeSha256: hashOfDocument(before) }),
      ...(after !== null && { afterSha256: hashOfDocument(after) }),
    },
  ];
}

/** The members of a document, none for `null`; `undefined` if somebody has made it unreadable behind the server. */
function parsed(document: string | null): object | undefined {
  try {
    return document === null ? {} : (JSON.parse(document) as object);
  } catch {
    return undefined;
  }
}

function bounded(difference: Difference): SealedDifference {
  const { member, before, after } = difference;
  return { member, ...boundedValue('before', before), ...boundedValue('after', after) };
}

function boundedValue(name: 'before' | 'after', value: unknown): Partial<SealedDifference> {
  if (value === undefined) return {};
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) <= LONGEST_VALUE ? { [name]: value } : { [`${name}Sha256`]: hashOfDocument(text) };
}
