import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { comparisonOf, type SecretHash } from './check-secret-hash.ts';
import type { Comparison } from './comparison.ts';
import { HashProblem } from './hash-problem.ts';
import { HashWorker } from './hash-worker.ts';
import { Slots } from './slots.ts';

/** Verifications at a time: half of the threads of Node's pool, because files and DNS need some too. */
export const AT_A_TIME = 2;

/** Verifications that wait. Each takes at most seconds. */
export const MOST_WAITING = 32;

/** Verifies secrets that are known only as hashes. A slow hash never blocks the event loop. */
@Injectable()
export class SecretHashes implements OnModuleDestroy {
  private readonly logger = new Logger('SecretHashes');
  private readonly worker = new HashWorker();
  private readonly slots = new Slots(AT_A_TIME, MOST_WAITING);

  /** Whether a presented secret has the hash. Throws `NoSlotError` if too many verifications are waiting. */
  async matches(hash: SecretHash, presented: string): Promise<boolean> {
    // A secret and the same secret with zero bytes at its end have the same bcrypt and PBKDF2 hash.
    if (presented === '' || presented.includes('\0')) return false;
    const compare = this.read(hash);
    if (compare === undefined) return false;
    return this.slots.run(async () => compare(presented, this.worker));
  }

  /** The comparison with a stored hash; `undefined` if this version of the server does not accept such a hash. */
  private read(hash: SecretHash): Comparison | undefined {
    try {
      return comparisonOf(hash);
    } catch (error) {
      if (!(error instanceof HashProblem)) throw error;
      this.logger.warn(`A stored hash of a secret with the scheme ${hash.scheme} cannot be verified: ${error.message}`);
      return undefined;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
  }
}
