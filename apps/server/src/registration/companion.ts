import type { Statement } from '../database/database.ts';
import type { PresentedClient } from './registration-responses.ts';

/** What is kept together with a new client: both, or neither. */
export interface Companion {
  /** Keeps it; changes nothing where it cannot be kept, and then the client is not kept either. */
  statement(registered: PresentedClient): Statement;
  /** Throws where it could not be kept. */
  check(): Promise<void>;
}
