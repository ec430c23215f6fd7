import { tokenIdOf, type ApiAccessToken } from '../access/api-access-token-store.ts';
import { isoTime } from './iso-time.ts';

export const TOKEN_SHOWN_ONCE = 'The token is shown only once: the store contains only its hash.';

/** A stored token for programs, without its hash. */
export function summary(token: ApiAccessToken) {
  const { tokenHash, serviceId = null, accessRights, label = null, createdBy } = token;
  return {
    id: tokenIdOf(tokenHash),
    serviceId,
    accessRights,
    label,
    createdAt: isoTime(token.createdAt),
    createdBy,
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
  };
}

export function scopeOf({ serviceId }: Pick<ApiAccessToken, 'serviceId'>): string {
  return serviceId === undefined ? 'all services' : `service ${serviceId}`;
}
