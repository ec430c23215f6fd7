import fc from 'fast-check';
import { RecentMap } from './recent-map.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const operation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ kind: fc.constantFrom('get' as const, 'delete' as const), key }),
);

describe('RecentMap', () => {
  it('has the most recently used entries, at most maxEntries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(operation), (maxEntries, operations) => {
        const map = new RecentMap<number>(maxEntries);
        /** The entries from the most to the least recently used. */
        let model: [string, number][] = [];
        for (const each of operations) {
          const known = model.find(([name]) => name === each.key);
          const others = model.filter((entry) => entry !== known);
          if (each.kind === 'set') {
            map.set(each.key, each.value);
            model = [[each.key, each.value] as [string, number], ...others].slice(0, maxEntries);
          } else if (each.kind === 'delete') {
            map.delete(each.key);
            model = others;
          } else {
            expect(map.get(each.key)).toBe(known?.[1]);
            if (known) model = [known, ...others];
          }
        }
        const kept: [string, number][] = [];
        map.deleteWhere((name, value) => kept.push([name, value]) > 0);
        expect(kept.reverse()).toEqual(model);
        for (const [name] of model) expect(map.get(name)).toBeUndefined();
      }),
    );
  });
});
