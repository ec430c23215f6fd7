/** What an API access token allows; the names are Authlete's. Each right covers the rights listed behind it. */
const COVERS = {
  ADMIN: ['MODIFY_SERVICE', 'CREATE_SERVICE', 'DELETE_SERVICE'],
  MODIFY_SERVICE: ['VIEW_SERVICE', 'CREATE_CLIENT'],
  CREATE_SERVICE: [],
  DELETE_SERVICE: [],
  VIEW_SERVICE: ['VIEW_CLIENT'],
  CREATE_CLIENT: ['USE_SERVICE', 'MODIFY_CLIENT'],
  MODIFY_CLIENT: ['VIEW_CLIENT'],
  VIEW_CLIENT: [],
  USE_SERVICE: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AccessRight = keyof typeof COVERS;

/** All of them. */
export const ACCESS_RIGHTS = Object.keys(COVERS) as readonly AccessRight[];

/** Whether one of the rights that were granted is, or covers, the one that is needed. */
export function allows(granted: readonly AccessRight[], needed: AccessRight): boolean {
  return granted.some((right) => right === needed || allows(COVERS[right], needed));
}
