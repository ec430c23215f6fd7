import { allows, type AccessRight } from './access-right.ts';

/** The rights that each right includes, as Authlete documents them. */
const COVERED: Record<AccessRight, readonly AccessRight[]> = {
  ADMIN: [
    'MODIFY_SERVICE',
    'CREATE_SERVICE',
    'DELETE_SERVICE',
    'VIEW_SERVICE',
    'CREATE_CLIENT',
    'MODIFY_CLIENT',
    'VIEW_CLIENT',
    'USE_SERVICE',
  ],
  MODIFY_SERVICE: ['VIEW_SERVICE', 'CREATE_CLIENT', 'MODIFY_CLIENT', 'VIEW_CLIENT', 'USE_SERVICE'],
  CREATE_SERVICE: [],
  DELETE_SERVICE: [],
  VIEW_SERVICE: ['VIEW_CLIENT'],
  CREATE_CLIENT: ['USE_SERVICE', 'MODIFY_CLIENT', 'VIEW_CLIENT'],
  MODIFY_CLIENT: ['VIEW_CLIENT'],
  VIEW_CLIENT: [],
  USE_SERVICE: [],
};
const RIGHTS = Object.keys(COVERED) as AccessRight[];

describe('an access right', () => {
  it.each(RIGHTS)('%s allows itself and what it covers, and nothing else', (right) => {
    const allowed = RIGHTS.filter((needed) => allows([right], needed));

    expect(new Set(allowed)).toEqual(new Set([right, ...COVERED[right]]));
  });

  it('allows what any of several rights allows', () => {
    expect(allows(['VIEW_CLIENT', 'USE_SERVICE'], 'USE_SERVICE')).toBe(true);
    expect(allows(['VIEW_CLIENT', 'DELETE_SERVICE'], 'USE_SERVICE')).toBe(false);
    expect(allows([], 'VIEW_CLIENT')).toBe(false);
  });
});
