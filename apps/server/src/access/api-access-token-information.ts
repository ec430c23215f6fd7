import type { ApiAccessTokenInformation } from '@clientele/model/metadata';
import { tokenIdOf, type ApiAccessToken } from './api-access-token-store.ts';

/** Returns what may be shown of a token: everything but its hash. */
export function informationOf(token: ApiAccessToken): ApiAccessTokenInformation {
  const { tokenHash, serviceId, accessRights, label, createdAt, createdBy, expiresAt, lastUsedAt } = token;
  return {
    id: tokenIdOf(tokenHash),
    ...(serviceId !== undefined && { serviceId }),
    accessRights,
    ...(label !== undefined && { label }),
    createdAt,
    createdBy,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  };
}
