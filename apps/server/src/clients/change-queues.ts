import { Injectable } from '@nestjs/common';
import type { ChangedBy } from '../changes/change.ts';
import { OverloadError } from '../shares/overload-error.ts';
import { attemptChange } from './attempt-change.ts';

/** Changes of one client or service that wait for their turn. */
export const MOST_WAITING = 64;

interface Waiting {
  readonly hasGone: () => boolean;
  readonly begin: () => void;
  readonly refuse: (error: Error) => void;
}

interface QueuedChange<T> {
  readonly by: ChangedBy;
  /** Refuses a caller before it waits, so that callers who may not change the subject cannot fill its queue. */
  readonly authorize?: () => Promise<unknown>;
  /** As `attemptChange` calls it. */
  readonly attempt: () => Promise<T | undefined>;
}

/**
 * The changes of each client and service by this process, one after the other. A change is attempted again only if another process, or
 * another queue of the same client, was faster. So the cost of concurrent changes is about one decision each.
 */
@Injectable()
export class ChangeQueues {
  /** The changes that wait, for each subject that is being changed. */
  private readonly queues = new Map<string, Waiting[]>();

  /**
   * Changes a subject after its earlier changes. Throws `OverloadError` if too many changes wait, or if the caller has gone before its
   * turn; `StoreUnavailableError` after too many attempts.
   */
  async change<T>(subject: string, { by, authorize, attempt }: QueuedChange<T>): Promise<T> {
    if (this.queues.has(subject)) await authorize?.();
    await this.turnOf(subject, by);
    try {
      return await attemptChange(attempt);
    } finally {
      this.end(subject);
    }
  }

  private async turnOf(subject: string, { hasGone = () => false }: ChangedBy): Promise<void> {
    const queue = this.queues.get(subject);
    if (queue === undefined) {
      this.queues.set(subject, []);
      return;
    }
    if (queue.length >= MOST_WAITING) {
      const all = queue.splice(0);
      for (const each of all) {
        if (each.hasGone()) each.refuse(new OverloadError());
        else queue.push(each);
      }
      if (queue.length >= MOST_WAITING) throw new OverloadError();
    }
    await new Promise<void>((begin, refuse) => queue.push({ hasGone, begin, refuse }));
  }

  private end(subject: string): void {
    if (this.queues.get(subject)?.length === 0) this.queues.delete(subject);
    // Between two changes, the event loop continues with other requests.
    else
      setImmediate(() => {
        this.beginNext(subject);
      });
  }

  private beginNext(subject: string): void {
    const next = this.queues.get(subject)?.shift();
    if (next === undefined) this.queues.delete(subject);
    else if (next.hasGone()) {
      next.refuse(new OverloadError());
      this.beginNext(subject);
    } else next.begin();
  }
}
