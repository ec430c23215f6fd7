import type { ApiAccessTokenInformation } from '@clientele/model/metadata';
import { isoTime } from './iso-time.ts';
import type { OwnToken } from './own-token.ts';
import type { Result } from './result.ts';
import { excerpt } from './terminal.ts';

export const TOKEN_SHOWN_ONCE = 'The token is shown only once: the store contains only its hash.';

/** An API access token for programs. */
export function summary(token: ApiAccessTokenInformation) {
  const { id, serviceId = null, accessRights, label = null, createdBy } = token;
  return {
    id,
    serviceId,
    accessRights,
    label,
    createdAt: isoTime(token.createdAt),
    createdBy,
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
  };
}

export function scopeOf({ serviceId }: Pick<ApiAccessTokenInformation, 'serviceId'>): string {
  return serviceId === undefined ? 'all services' : `service ${serviceId}`;
}

/** One sentence: what a token may do, and until when. */
export function describeToken(token: OwnToken): string {
  const { id, accessRights, expiresAt } = token;
  const time = isoTime(expiresAt);
  const end = time === null ? 'without expiry' : `until ${time}`;
  return `The token ${excerpt(id)} is for ${scopeOf(token)}, ${end}: ${excerpt(accessRights.join(', '))}.`;
}

/** The result of a command that created a token. Only the result has its value. */
export function createdToken(token: ApiAccessTokenInformation, value: string): Result {
  const described = summary(token);
  const end = described.expiresAt === null ? '' : `, until ${described.expiresAt}`;
  return {
    document: { ...described, token: value },
    lines: [value],
    notes: [
      `The ID of the token is ${token.id}; it is for ${scopeOf(token)}${end}: ${token.accessRights.join(', ')}.`,
      TOKEN_SHOWN_ONCE,
    ],
  };
}
