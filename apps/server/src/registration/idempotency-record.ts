import type { Statement } from '../database/database.ts';
import type { PresentedClient } from './registration-responses.ts';

/** The record of a registration with an `Idempotency-Key`. The client and the record are stored in one batch, both or neither. */
export interface IdempotencyRecord {
  /** The required statement that stores the record. It changes nothing if the key has a record. */
  statement(registered: PresentedClient): Statement;
  /** Throws if another request with the same key has stored its record. */
  check(): Promise<void>;
}
