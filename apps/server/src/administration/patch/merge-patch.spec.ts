import { mergePatch } from './merge-patch.ts';

describe('mergePatch', () => {
  // RFC 7396 appendix A, in its order.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('turns %s with %s into %s', (target, patch, result) => {
    expect(JSON.stringify(mergePatch(JSON.parse(target), JSON.parse(patch)))).toBe(result);
  });

  it('changes neither the value nor the patch', () => {
    const target = { a: { b: [1] } };
    const patch = { a: { c: { d: null, e: 1 } } };

    expect(mergePatch(target, patch)).toEqual({ a: { b: [1], c: { e: 1 } } });
    expect([target, patch]).toEqual([{ a: { b: [1] } }, { a: { c: { d: null, e: 1 } } }]);
  });

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"a":{"__proto__":{"polluted":1}}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
  ])('pollutes no prototype with %s', (patch) => {
    const result = mergePatch({ a: {} }, JSON.parse(patch)) as Record<string, object>;

    for (const object of [{}, result, result.a!]) {
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect('polluted' in object).toBe(false);
    }
  });
});
