import { recordOf } from './record.ts';

describe('recordOf', () => {
  it('gives an object with all of the names, in their order, of which JSON says nothing', () => {
    const record = recordOf(['b', 'a', 'b', 'constructor']);

    expect(Object.entries(record)).toEqual([
      ['b', undefined],
      ['a', undefined],
      ['constructor', undefined],
    ]);
    expect(JSON.stringify({ ...record, a: 1 })).toBe('{"a":1}');
  });
});
