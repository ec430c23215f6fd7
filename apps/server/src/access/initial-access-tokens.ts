import { Injectable } from '@nestjs/common';
import type { ProtocolRegistration } from '@clientele/model/metadata';
import type { ChangedBy } from '../changes/change.ts';
import { timeOrderedId } from '../database/time-ordered-id.ts';
import { RegistrationError } from '../http/registration-error.ts';
import type { Service } from '../services/service.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { isUsable, type InitialAccessToken } from './initial-access-token.ts';
import { InitialAccessTokenStore } from './initial-access-token-store.ts';

/** The limits of a new initial access token. */
export interface InitialAccessTokenGrant {
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly uses: number;
  readonly label?: string | undefined;
}

/** Creates and verifies initial access tokens. */
@Injectable()
export class InitialAccessTokens {
  constructor(private readonly store: InitialAccessTokenStore) {}

  /** Creates a token. Only its hash is stored, so the returned value is the only copy. */
  async create(
    { apiKey: serviceId }: Service,
    { expiresIn, uses, label }: InitialAccessTokenGrant,
    by: ChangedBy,
  ): Promise<{ readonly token: string; readonly stored: InitialAccessToken }> {
    const token = newToken();
    for (;;) {
      const createdAt = Date.now();
      const stored: InitialAccessToken = {
        serviceId,
        id: timeOrderedId(createdAt),
        hash: hashToken(token),
        label,
        createdAt,
        expiresAt: createdAt + expiresIn * 1000,
        uses,
        usesLeft: uses,
      };
      if (await this.store.insert(stored, by)) return { token, stored };
    }
  }

  /**
   * The initial access token that authorizes a registration; `undefined` if anybody may register. Throws `RegistrationError`, the
   * same one for an unknown, expired, used up and revoked token.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
   */
  async authorize(
    service: Service,
    registration: ProtocolRegistration,
    presented: string | undefined,
  ): Promise<InitialAccessToken | undefined> {
    if (registration === 'OPEN') return undefined;
    const token = await this.store.findByHash(service.apiKey, hashToken(presented ?? ''));
    if (!presented) throw refused('initialAccessTokenMissing');
    if (token === undefined || !isUsable(token, Date.now())) throw refused('initialAccessTokenInvalid');
    return token;
  }
}

function refused(result: 'initialAccessTokenMissing' | 'initialAccessTokenInvalid'): RegistrationError {
  return RegistrationError.of('invalid_token', result, { description: 'The initial access token is not valid.' });
}
