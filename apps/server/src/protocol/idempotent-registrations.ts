import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Companion } from '../registration/companion.ts';
import { clientInformation } from '../registration/registration-responses.ts';
import type { Service } from '../services/service.ts';
import { Database } from '../database/database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { hashToken } from '../crypto/token.ts';
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
  /** The initial access token that was presented; the empty string where there was none. */
  readonly token: string;
  readonly body: string;
}

/** The text that is stored instead of a response that is never given again. No response is empty. */
const NO_RESPONSE = '';

/**
 * Registrations with an `Idempotency-Key`, stored in the same transaction as the client, so that a repeated request creates no
 * second client.
 *
 * Only a caller with an initial access token that the service requires receives the response again: it holds credentials, and
 * nothing else proves that the caller is the one who registered. Any other token can be invented, and many callers share an
 * address. The responses are encrypted at rest.
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
   * The body of the response to an earlier request with this key, or the companion that stores the key with the client;
   * `undefined` if the registration cannot succeed. Throws `ProtocolError`: 400 for a malformed key, 422 for the key of another
   * request, 409 if the first response is not given again.
   */
  async begin(
    { apiKey: serviceId, initialAccessTokenRequired: tokenRequired }: Service,
    { key, token, body }: IdempotentRequest,
  ): Promise<{ readonly answer: string } | { readonly companion: Companion } | undefined> {
    if (!KEY.test(key)) {
      throw new ProtocolError(
        400,
        'invalid_request',
        'The Idempotency-Key must have 1 to 255 printable ASCII characters.',
      );
    }
    // The registration refuses the request. What was recorded without a token must not be revealed before.
    if (tokenRequired && token === '') return undefined;
    const keyHash = hashToken(JSON.stringify(tokenRequired ? ['initial access token', token, key] : ['no token', key]));
    const requestHash = hashToken(body);
    const owner = ownerOfAnswer(serviceId, keyHash);

    const find = async (): Promise<string | undefined> => {
      const [row] = await this.database.read({ sql: FIND, values: [serviceId, keyHash, Date.now()] });
      if (row === undefined) return undefined;
      if (row.request_hash !== requestHash) {
        throw new ProtocolError(422, 'invalid_request', 'The Idempotency-Key has been used for another registration.');
      }
      if (!tokenRequired) throw succeededBefore();
      return this.encryption.decrypt(row.answer as string, owner);
    };

    const answer = await find();
    if (answer !== undefined) return { answer };
    return {
      companion: {
        statement: (registered) => {
          const now = Date.now();
          const response = tokenRequired ? clientInformation(registered) : NO_RESPONSE;
          // Encrypted in any case: the replacement of a key reads every value of this column.
          const kept = this.encryption.encrypt(response, owner);
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

function succeededBefore(): ProtocolError {
  return new ProtocolError(
    409,
    'invalid_request',
    'A registration with this Idempotency-Key succeeded before. Its response is given again only to the holder of a required ' +
      'initial access token. Send the request without the key, or with another key, to get a new registration.',
  );
}

/** What the encrypted answer is bound to. */
export function ownerOfAnswer(serviceId: number, keyHash: string): string {
  return `idempotent_registration/${serviceId}/${keyHash}`;
}
