import { allows, type AccessRight } from './access-right.ts';

const SECRET_RIGHTS = ['VIEW_CLIENT_SECRET', 'VERIFY_CLIENT_SECRET'] as const;

/** The rights that each right includes: as documented by Authlete, and those to client secrets. */
const INCLUDED: Record<AccessRight, readonly AccessRight[]> = {
  ADMIN: [
    'MODIFY_SERVICE',
    'CREATE_SERVICE',
    'DELETE_SERVICE',
    'VIEW_SERVICE',
    'CREATE_CLIENT',
    'MODIFY_CLIENT',
    'VIEW_CLIENT',
    'USE_SERVICE',
    ...SECRET_RIGHTS,
  ],
  MODIFY_SERVICE: ['VIEW_SERVICE', 'CREATE_CLIENT', 'MODIFY_CLIENT', 'VIEW_CLIENT', 'USE_SERVICE', ...SECRET_RIGHTS],
  CREATE_SERVICE: [],
  DELETE_SERVICE: [],
  VIEW_SERVICE: ['VIEW_CLIENT'],
  CREATE_CLIENT: ['USE_SERVICE', 'VIEW_SERVICE', 'MODIFY_CLIENT', 'VIEW_CLIENT', ...SECRET_RIGHTS],
  MODIFY_CLIENT: ['VIEW_CLIENT', ...SECRET_RIGHTS],
  VIEW_CLIENT: [],
  USE_SERVICE: ['VIEW_SERVICE', 'VIEW_CLIENT', 'VERIFY_CLIENT_SECRET'],
  VIEW_CLIENT_SECRET: [],
  VERIFY_CLIENT_SECRET: [],
};
const RIGHTS = Object.keys(INCLUDED) as AccessRight[];

describe('an access right', () => {
  it.each(RIGHTS)('%s allows only itself and the rights that it includes', (right) => {
    const allowed = RIGHTS.filter((needed) => allows([right], needed));

    expect(new Set(allowed)).toEqual(new Set([right, ...INCLUDED[right]]));
  });

  it('is sufficient if it is one of several rights', () => {
    expect(allows(['VIEW_CLIENT', 'USE_SERVICE'], 'USE_SERVICE')).toBe(true);
    expect(allows(['VIEW_CLIENT', 'DELETE_SERVICE'], 'USE_SERVICE')).toBe(false);
    expect(allows([], 'VIEW_CLIENT')).toBe(false);
  });
});
