import { Injectable } from '@nestjs/common';
import { InitialAccessTokenStore } from '../access/initial-access-token-store.ts';
import { entityTag } from '../clients/entity-tag.ts';
import type { IdempotencyRecord } from '../registration/idempotency-record.ts';
import { clientInformation } from '../registration/registration-responses.ts';
import type { Service } from '../services/service.ts';
import { Database } from '../database/database.ts';
import { ownerOf } from '../database/table.ts';
import { IDEMPOTENT_REGISTRATION_TABLE, STORED_FOR } from './protocol-tables.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { hashToken } from '../crypto/token.ts';
import { RETRY_AFTER } from '../http/limits.ts';
import { ProtocolError } from './protocol-error.ts';

const KEY = /^[\x20-\x7e]{1,255}$/;

const FIND = `
  SELECT request_hash, entity_tag, response FROM idempotent_registration
  WHERE service_id = $1 AND key_hash = $2 AND expires_at > $3`;

const INSERT = `
  INSERT INTO idempotent_registration (service_id, key_hash, request_hash, entity_tag, response, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (service_id, key_hash) DO UPDATE
  SET request_hash = excluded.request_hash, entity_tag = excluded.entity_tag, response = excluded.response,
    expires_at = excluded.expires_at
  WHERE idempotent_registration.expires_at <= $7`;

/** A registration that the client application may repeat. */
export interface IdempotentRequest {
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** The initial access token; the empty string if there is none. */
  readonly token: string;
  readonly body: string;
}

/** A response that is repeated: its body and its `ETag`. */
interface StoredResponse {
  readonly response: string;
  readonly entityTag: string;
}

/** The stored text if the response is never repeated. No response is empty. */
const NO_RESPONSE = '';

/**
 * Registrations with an `Idempotency-Key`, stored in the same transaction as the client, so that a repeated request creates no
 * second client.
 *
 * Only a caller with an initial access token that the service requires receives the response again, because the response contains
 * credentials and nothing else proves that the caller is the same. Any other token can be invented, and many callers share an
 * address. After the token was revoked, nobody receives it. The responses are encrypted at rest.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2
 */
@Injectable()
export class IdempotentRegistrations {
  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
    private readonly initialAccessTokens: InitialAccessTokenStore,
  ) {}

  /**
   * The response to an earlier request with this key, or the record that is stored with the new client;
   * `undefined` if the registration cannot succeed. Throws `ProtocolError`: 400 for a malformed key, 422 for the key of another
   * request, 409 if the first response is not given again.
   */
  async findOrPrepare(
    { apiKey: serviceId, protocolRegistration }: Service,
    { key, token, body }: IdempotentRequest,
  ): Promise<StoredResponse | { readonly record: IdempotencyRecord } | undefined> {
    if (!KEY.test(key)) {
      throw new ProtocolError(
        400,
        'invalid_request',
        'The Idempotency-Key must have 1 to 255 printable ASCII characters.',
      );
    }
    const tokenRequired = protocolRegistration !== 'OPEN';
    // The registration refuses the request. What was recorded without a token must not be revealed before.
    if (tokenRequired && token === '') return undefined;
    const keyHash = hashToken(JSON.stringify(tokenRequired ? ['initial access token', token, key] : ['no token', key]));
    const requestHash = hashToken(body);
    const owner = ownerOf(IDEMPOTENT_REGISTRATION_TABLE, { service_id: serviceId, key_hash: keyHash });

    const find = async (): Promise<StoredResponse | undefined> => {
      const [row] = await this.database.read({ sql: FIND, values: [serviceId, keyHash, Date.now()] });
      if (row === undefined) return undefined;
      // A revoked token gives nothing any more. A used-up one still gives the responses of its registrations.
      if (tokenRequired && (await this.initialAccessTokens.findByHash(serviceId, hashToken(token))) === undefined)
        return undefined;
      if (row.request_hash !== requestHash) {
        throw new ProtocolError(422, 'invalid_request', 'The Idempotency-Key has been used for another registration.');
      }
      if (!tokenRequired) throw succeededBefore();
      return {
        entityTag: row.entity_tag as string,
        response: this.encryption.decrypt(row.response as string, owner),
      };
    };

    const stored = await find();
    if (stored !== undefined) return stored;
    return {
      record: {
        statement: (registered) => {
          const now = Date.now();
          // Encrypted in any case, because a key rotation decrypts every value of this column.
          const encrypted = this.encryption.encrypt(tokenRequired ? clientInformation(registered) : NO_RESPONSE, owner);
          const tag = entityTag(registered.client, registered.service);
          const values = [serviceId, keyHash, requestHash, tag, encrypted, now + STORED_FOR, now];
          return { sql: INSERT, values, required: true };
        },
        check: async () => {
          if ((await find()) === undefined) return;
          throw new ProtocolError(409, 'invalid_request', 'The same registration was in progress. Send it again.', {
            'retry-after': String(RETRY_AFTER),
          });
        },
      },
    };
  }
}

function succeededBefore(): ProtocolError {
  return new ProtocolError(
    409,
    'invalid_request',
    'A registration with this Idempotency-Key succeeded before. Only the holder of a required initial access token gets its response ' +
      'again. Send the request without the key, or with another key, to get a new registration.',
  );
}
