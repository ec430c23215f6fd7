import { Injectable } from '@nestjs/common';
import { newClientId } from '../database/time-ordered-id.ts';
import { RegistrationError } from '../http/registration-error.ts';
import type { Service } from '../services/service.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { isUsable, type InitialAccessToken } from './initial-access-token.ts';
import { InitialAccessTokenStore } from './initial-access-token-store.ts';

/** What a new initial access token allows. */
export interface InitialAccessTokenGrant {
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly uses: number;
  readonly label?: string | undefined;
}

/** Makes initial access tokens, and judges those that are presented. */
@Injectable()
export class InitialAccessTokens {
  constructor(private readonly store: InitialAccessTokenStore) {}

  /** A new token of 256 random bits, of which only the hash is kept: this is the only time that it is known. */
  async create(
    { apiKey: serviceId }: Service,
    { expiresIn, uses, label }: InitialAccessTokenGrant,
  ): Promise<{ readonly token: string; readonly kept: InitialAccessToken }> {
    const token = newToken();
    for (;;) {
      const createdAt = Date.now();
      const kept: InitialAccessToken = {
        serviceId,
        id: newClientId(createdAt),
        hash: hashToken(token),
        label,
        createdAt,
        expiresAt: createdAt + expiresIn * 1000,
        uses,
        usesLeft: uses,
      };
      if (await this.store.insert(kept)) return { token, kept };
    }
  }

  /**
   * The initial access token that allows a registration; `undefined` where the service needs none, whatever was presented.
   * Unknown, expired, used up and revoked ones are answered alike.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
   */
  async authorize(service: Service, presented: string | undefined): Promise<InitialAccessToken | undefined> {
    if (!service.initialAccessTokenRequired) return undefined;
    const token = await this.store.findByHash(service.apiKey, hashToken(presented ?? ''));
    if (!presented) throw refused('initialAccessTokenMissing');
    if (token === undefined || !isUsable(token, Date.now())) throw refused('initialAccessTokenInvalid');
    return token;
  }
}

function refused(result: 'initialAccessTokenMissing' | 'initialAccessTokenInvalid'): RegistrationError {
  return RegistrationError.of('invalid_token', result, { description: 'The initial access token is not valid.' });
}
