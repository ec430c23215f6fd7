/**
 * The rights of an API access token, under Authlete's names, and two for client secrets: to read them in the clear, and to compare
 * them. A right includes the rights in its list.
 */
const INCLUDED = {
  ADMIN: ['MODIFY_SERVICE', 'CREATE_SERVICE', 'DELETE_SERVICE'],
  MODIFY_SERVICE: ['VIEW_SERVICE', 'CREATE_CLIENT'],
  CREATE_SERVICE: [],
  DELETE_SERVICE: [],
  VIEW_SERVICE: ['VIEW_CLIENT'],
  CREATE_CLIENT: ['USE_SERVICE', 'MODIFY_CLIENT'],
  MODIFY_CLIENT: ['VIEW_CLIENT', 'VIEW_CLIENT_SECRET', 'VERIFY_CLIENT_SECRET'],
  VIEW_CLIENT: [],
  USE_SERVICE: ['VIEW_SERVICE', 'VERIFY_CLIENT_SECRET'],
  VIEW_CLIENT_SECRET: [],
  VERIFY_CLIENT_SECRET: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AccessRight = keyof typeof INCLUDED;

export const ACCESS_RIGHTS = Object.keys(INCLUDED) as readonly AccessRight[];

/** Whether one of the granted rights is the required one or includes it. */
export function allows(granted: readonly AccessRight[], required: AccessRight): boolean {
  return granted.some((right) => right === required || allows(INCLUDED[right], required));
}
