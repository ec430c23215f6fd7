import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Companion } from '../registration/companion.ts';
import { clientInformation } from '../registration/registration-responses.ts';
import type { Service } from '../service/service.ts';
import { Database } from '../store/database.ts';
import { SecretEncryption } from '../store/secret-encryption.ts';
import { hashToken } from '../token.ts';
import { ProtocolError } from './protocol-error.ts';

/** Milliseconds for which an answer can be had again. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** Milliseconds between two removals of what is not kept any more. */
const SWEEP_INTERVAL = 10 * 60 * 1000;

/** Printable ASCII, quoted or not. */
const KEY = /^[\x20-\x7e]{1,255}$/;

const FIND = `
  SELECT request_hash, answer FROM idempotent_registration
  WHERE service_id = $1 AND key_hash = $2 AND expires_at > $3`;

const INSERT = `
  INSERT INTO idempotent_registration (service_id, key_hash, request_hash, answer, expires_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (service_id, key_hash) DO UPDATE
  SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at
  WHERE idempotent_registration.expires_at <= $6`;

const SWEEP = 'DELETE FROM idempotent_registration WHERE expires_at <= $1';

/** A registration that its client application may send again. */
export interface IdempotentRequest {
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** Whose key it is: the same one of somebody else is another key. */
  readonly caller: string;
  readonly body: string;
}

/**
 * Answers to registrations with an `Idempotency-Key`, kept in the same transaction as the client, so that whoever did not get
 * the answer can have it again and no second client. They hold credentials, and are encrypted at rest.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2
 */
@Injectable()
export class IdempotentRegistrations implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('IdempotentRegistrations');
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {}

  /**
   * The body of the answer that the request has had already, or what keeps the one that it is about to have. Throws
   * `ProtocolError`: 400 for a key that is none, 422 for the key of another request, 409 where the same one is under way.
   */
  async begin(
    { apiKey: serviceId }: Service,
    { key, caller, body }: IdempotentRequest,
  ): Promise<{ readonly answer: string } | { readonly companion: Companion }> {
    if (!KEY.test(key)) {
      throw new ProtocolError(
        400,
        'invalid_request',
        'The Idempotency-Key must have 1 to 255 printable ASCII characters.',
      );
    }
    const keyHash = hashToken(JSON.stringify([caller, key]));
    const requestHash = hashToken(body);
    const owner = ownerOfAnswer(serviceId, keyHash);

    const find = async (): Promise<string | undefined> => {
      const [row] = await this.database.read({ sql: FIND, values: [serviceId, keyHash, Date.now()] });
      if (row !== undefined && row.request_hash !== requestHash) {
        throw new ProtocolError(422, 'invalid_request', 'The Idempotency-Key has been used for another registration.');
      }
      return row && this.encryption.decrypt(row.answer as string, owner);
    };

    const answer = await find();
    if (answer !== undefined) return { answer };
    return {
      companion: {
        statement: (registered) => {
          const now = Date.now();
          const kept = this.encryption.encrypt(JSON.stringify(clientInformation(registered)), owner);
          const values = [serviceId, keyHash, requestHash, kept, now + KEPT_FOR, now];
          return { sql: INSERT, values, required: true };
        },
        check: async () => {
          if ((await find()) === undefined) return;
          throw new ProtocolError(409, 'invalid_request', 'The same registration was under way. Send it again.', {
            'retry-after': '1',
          });
        },
      },
    };
  }

  /** Removes the answers that cannot be had any more. */
  async sweep(now = Date.now()): Promise<void> {
    await this.database.write({ sql: SWEEP, values: [now] });
  }

  onApplicationBootstrap(): void {
    this.sweeping = setInterval(() => {
      this.sweep().catch((error: unknown) => {
        // They are of no use to anybody; the next round removes them.
        this.logger.warn(error);
      });
    }, SWEEP_INTERVAL).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }
}

/** What the encrypted answer is bound to. */
export function ownerOfAnswer(serviceId: number, keyHash: string): string {
  return `idempotent_registration/${serviceId}/${keyHash}`;
}
