import { applyJsonPatch, JsonPatchError, LONGEST_PATCH } from './json-patch.ts';

const apply = (document: unknown, ...operations: unknown[]) => applyJsonPatch(document, JSON.stringify(operations));

describe('a JSON Patch', () => {
  it.each<[string, unknown, unknown[], unknown]>([
    ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    ['A.2', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['A.5', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    [
      'A.6',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7',
      { foo: ['a', 'b', 'c', 'd'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['a', 'c', 'd', 'b'] },
    ],
    ['A.8', { foo: ['a', 2] }, [{ op: 'test', path: '/foo', value: ['a', 2] }], { foo: ['a', 2] }],
    ['A.10', { foo: 'bar' }, [{ op: 'add', path: '/child', value: { g: {} } }], { foo: 'bar', child: { g: {} } }],
    ['A.11', { foo: 1 }, [{ op: 'add', path: '/baz', value: 2, xyz: 123 }], { foo: 1, baz: 2 }],
    ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['A.16', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc'] }], { foo: ['bar', ['abc']] }],
    ['4.1, the root', { a: 1 }, [{ op: 'add', path: '', value: { b: 2 } }], { b: 2 }],
    ['4.1, an existing member', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
    ['4.3, the root', { a: 1 }, [{ op: 'replace', path: '', value: 5 }], 5],
    ['4.4, the same place', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
    [
      '4.5',
      { a: { b: 1 } },
      [
        { op: 'copy', from: '/a', path: '/c' },
        { op: 'remove', path: '/a/b' },
      ],
      { a: {}, c: { b: 1 } },
    ],
    ['4.6, any order', { a: 1, b: [{}] }, [{ op: 'test', path: '', value: { b: [{}], a: 1 } }], { a: 1, b: [{}] }],
    ['an empty name', { '': 1 }, [{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
    ['no operation', { a: 1 }, [], { a: 1 }],
  ])('is applied as in RFC 6902, %s', (_section, document, patch, result) => {
    const before = JSON.stringify(document);
    expect(apply(document, ...patch)).toEqual(result);
    expect(JSON.stringify(document)).toBe(before);
  });

  it.each<[message: RegExp, patch: unknown[]]>([
    [
      /operation 1 .* the value is not equal/,
      [
        { op: 'test', path: '/a', value: 1 },
        { op: 'test', path: '/a', value: '1' },
      ],
    ],
    [/the value is not equal/, [{ op: 'test', path: '/list', value: { 0: 1, length: 1 } }]],
    [/the value is not equal/, [{ op: 'test', path: '/list', value: [1, 2] }]],
    [/the value is not equal/, [{ op: 'test', path: '', value: { a: 1, toString: [1] } }]],
    [/nothing at its path/, [{ op: 'remove', path: '/b' }]],
    [/nothing at its path/, [{ op: 'remove', path: '/toString' }]],
    [/nothing at its path/, [{ op: 'replace', path: '/b', value: 1 }]],
    [/nothing at its path/, [{ op: 'add', path: '/b/c', value: 1 }]],
    [/nothing at its path/, [{ op: 'add', path: '/a/c', value: 1 }]],
    [/nothing at its path/, [{ op: 'add', path: '/__proto__/c', value: 1 }]],
    [/nothing at its path/, [{ op: 'add', path: '/constructor/prototype/c', value: 1 }]],
    [/nothing at its path/, [{ op: 'add', path: '/list/2', value: 1 }]],
    [/nothing at its path/, [{ op: 'remove', path: '/list/1' }]],
    [/nothing at its path/, [{ op: 'remove', path: '/list/-' }]],
    [/nothing at its path/, [{ op: 'remove', path: '/list/00' }]],
    [/nothing at its path/, [{ op: 'remove', path: '/list/-1' }]],
    [/nothing at its path/, [{ op: 'remove', path: '/list/length' }]],
    [/nothing at its path/, [{ op: 'move', from: '/b', path: '/c' }]],
    [/cannot be moved into itself/, [{ op: 'move', from: '/list', path: '/list/0' }]],
    [/whole document cannot be removed/, [{ op: 'remove', path: '' }]],
    [/its path is not a JSON Pointer/, [{ op: 'remove', path: 'a' }]],
    [/its path is not a JSON Pointer/, [{ op: 'remove', path: '/~2' }]],
    [/its path is not a JSON Pointer/, [{ op: 'remove' }]],
    [/its from is not a JSON Pointer/, [{ op: 'copy', from: 1, path: '/b' }]],
    [/it has no value/, [{ op: 'add', path: '/b' }]],
    [/it has no from/, [{ op: 'move', path: '/b' }]],
    [/its op is not one of add, remove, replace, move, copy, test/, [{ op: 'toString', path: '/a' }]],
    [/its op is not one of/, [{ path: '/a' }]],
    [/it is not a JSON object/, [null]],
  ])('is refused because %s', (message, patch) => {
    const attempt = () => apply({ a: 1, list: [1] }, ...patch);
    expect(attempt).toThrow(JsonPatchError);
    expect(attempt).toThrow(message);
  });

  it.each([
    [/not JSON/, ''],
    [/not JSON/, '[{'],
    [/not an array/, '{"op":"remove","path":"/a"}'],
    [/more than 8192 characters/, `[${' '.repeat(LONGEST_PATCH)}]`],
  ])('is refused because it is %s', (message, text) => {
    expect(() => applyJsonPatch({}, text)).toThrow(message);
  });

  it('can add a member with the name __proto__', () => {
    const result = apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } }) as object;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('cannot double a document without a limit', () => {
    const copies = Array.from({ length: 60 }, (_each, index) => ({ op: 'copy', from: '', path: `/${index}` }));
    expect(() => apply({ text: 'x'.repeat(1000) }, ...copies)).toThrow('the copies are too large');
  });

  it('can be as deep as its length allows, but its result cannot', () => {
    const deep = `${'['.repeat(1900)}${']'.repeat(1900)}`;
    const operations =
      `{"op":"add","path":"/a","value":${deep}},{"op":"test","path":"/a","value":${deep}},` +
      `{"op":"copy","from":"/a","path":"/b"}`;
    const removed = '{"op":"remove","path":"/a"},{"op":"remove","path":"/b"}';

    expect(applyJsonPatch({}, `[${operations},${removed}]`)).toEqual({});
    expect(() => applyJsonPatch({}, `[${operations}]`)).toThrow('more than 32 levels of nesting');
  });
});
