import { Injectable } from '@nestjs/common';
import type { ChangedBy } from '../changes/change.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { ApiError, unacceptable } from '../http/api-error.ts';
import { ACCESS_RIGHTS } from './access-right.ts';
import type { CreateApiAccessTokenDto } from './api-access-token.dto.ts';
import {
  ApiAccessTokenStore,
  tokenIdOf,
  type ApiAccessToken,
  type NewApiAccessToken,
} from './api-access-token-store.ts';

/** The most tokens of a service, and of those for all services, so that a list has a bounded length. */
const MOST_TOKENS = 1000;

/**
 * Creates and revokes API access tokens: those of a service, or those for all services if the service is `undefined`. Callers have the
 * right `ADMIN`, which includes all others, so no caller gives a right that it does not have. Throws `ApiError`.
 */
@Injectable()
export class ApiAccessTokens {
  constructor(private readonly store: ApiAccessTokenStore) {}

  /** Creates a token. Only its hash is stored, so the returned value is the only copy. */
  async create(
    caller: ApiAccessToken,
    serviceId: number | undefined,
    { accessRights, expiresIn, label }: CreateApiAccessTokenDto,
    by: ChangedBy,
  ): Promise<{ readonly token: string; readonly stored: NewApiAccessToken }> {
    const createdAt = Date.now();
    const expiresAt = expiresIn === undefined ? undefined : createdAt + expiresIn * 1000;
    if (caller.expiresAt !== undefined && (expiresAt ?? Infinity) > caller.expiresAt)
      throw unacceptable(
        'expiresIn: the new token must not be valid longer than the one that creates it: ' +
          `at most ${Math.floor((caller.expiresAt - createdAt) / 1000)} seconds.`,
      );
    if ((await this.store.list(serviceId)).length >= MOST_TOKENS)
      throw new ApiError(400, 'apiAccessTokensTooMany', { limit: MOST_TOKENS });
    const token = newToken();
    const stored = {
      tokenHash: hashToken(token),
      serviceId,
      accessRights: ACCESS_RIGHTS.filter((right) => accessRights.includes(right)),
      label,
      createdAt,
      expiresAt,
    };
    await this.store.insert(stored, by);
    return { token, stored };
  }

  /** Revokes a token for the next call in every process. */
  async delete(serviceId: number | undefined, id: string, by: ChangedBy): Promise<void> {
    const token = (await this.store.list(serviceId)).find(({ tokenHash }) => tokenIdOf(tokenHash) === id);
    if (token === undefined || !(await this.store.delete(token, by))) throw new ApiError(404, 'noSuchApiAccessToken');
  }
}
