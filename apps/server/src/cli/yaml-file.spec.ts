import { YamlFile } from './yaml-file.ts';

const INEXACT = 'JSON cannot express the number exactly';

describe('YamlFile', () => {
  it.each([
    [
      'a: [60.0, -0, +5, 0x1F, 0o17, 1e3, .5, 9007199254740991, 1e300]',
      [60, -0, 5, 31, 15, 1000, 0.5, 2 ** 53 - 1, 1e300],
    ],
    ['a: [+9007199254740991, 9007199254740991., .1234567890123456]', [2 ** 53 - 1, 2 ** 53 - 1, 0.1234567890123456]],
    ['a: "9007199254740993"', '9007199254740993'],
    ['a: ".nan"', '.nan'],
    ['{"a":"\\ud83d\\ude00"}', '😀'],
    ['a: [&x [1], *x, *x]', [[1], [1], [1]]],
    ['a: &x [&x 1, *x]', [1, 1]],
  ])('reads %s', (text, value) => {
    expect(YamlFile.parse(text, 'the file').object).toEqual({ a: value });
  });

  it.each([
    ['a: 1\nb: .nan', INEXACT],
    ['a: 1\nb: .inf', INEXACT],
    ['a: 1\nb: [0, -.inf]', INEXACT],
    ['{"a":1,\n"b":1e999}', INEXACT],
    ['a: 1\nb: 9007199254740993', INEXACT],
    ['a: 1\nb: 0x20000000000001', INEXACT],
    ['a: 1\nb: 1.00000000000000001', INEXACT],
    ['a: &x\n  - *x', 'the alias refers to a value that contains it.'],
    ['a: &x { b: &y\n  [*y, *x] }', 'the alias refers to a value that contains it.'],
    ['a: 1\nb: "a\\ud800"', 'the text has half of a surrogate pair; send both halves.'],
    ['a: 1\n"b\\ud800": 1', 'the text has half of a surrogate pair; send both halves.'],
    ['a: 1\nb: "a\\0"', 'the text has the control character U+0000 at position 1; remove it.'],
    ['a: 1\nb: { c: 1, __proto__: 1 }', 'no member may have the name __proto__.'],
  ])('refuses %j', (text, problem) => {
    expect(() => YamlFile.parse(text, 'the file')).toThrow(`the file, line 2: ${problem}`);
  });
});
