import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { OverloadError } from '../../shares/overload-error.ts';
import { Shares } from '../../shares/shares.ts';
import { Slots } from '../../shares/slots.ts';
import { comparisonOf, type SecretHash } from './check-secret-hash.ts';
import type { Comparison } from './comparison.ts';
import { HashProblem } from './hash-problem.ts';
import { HashWorker } from './hash-worker.ts';

/** Verifications at a time: half of the threads of Node's pool, because files and DNS need some too. */
export const AT_A_TIME = 2;

/** Verifications that wait. Each takes at most seconds. */
export const MOST_WAITING = 32;

/** Verifications, running or waiting, for one client and for the clients of one service. */
export const PER_CLIENT = 4;
export const PER_SERVICE = 16;

/** The client whose secret is verified. */
export interface SecretOwner {
  readonly serviceId: number;
  readonly clientId: number;
}

/** Verifies secrets that are known only as hashes. A slow hash never blocks the event loop. */
@Injectable()
export class SecretHashes implements OnModuleDestroy {
  private readonly logger = new Logger('SecretHashes');
  private readonly worker = new HashWorker();
  private readonly slots = new Slots(AT_A_TIME);
  private readonly shares = new Shares(AT_A_TIME + MOST_WAITING, { service: PER_SERVICE, client: PER_CLIENT });
  private readonly inProgress = new Map<string, Promise<boolean>>();

  /**
   * Whether a presented secret has the hash. Concurrent calls with the same secret share a verification, because a client may send many
   * requests at once. Throws `OverloadError` if too many verifications are running or waiting: of the client, of its service, or in all.
   */
  async matches(hash: SecretHash, presented: string, owner: SecretOwner): Promise<boolean> {
    // A secret and the same secret with zero bytes at its end have the same bcrypt and PBKDF2 hash.
    if (presented === '' || presented.includes('\0')) return false;
    const { serviceId, clientId } = owner;
    const key = JSON.stringify([serviceId, clientId, hash.scheme, hash.value, presented]);
    let verification = this.inProgress.get(key);
    if (verification === undefined) {
      const compare = this.read(hash);
      if (compare === undefined) return false;
      const share = this.shares.take({ service: serviceId, client: `${serviceId}/${clientId}` });
      if (share === undefined) throw new OverloadError();
      const work = this.slots.run(async () => compare(presented, this.worker));
      verification = share.during(work).finally(() => this.inProgress.delete(key));
      this.inProgress.set(key, verification);
    }
    return verification;
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
