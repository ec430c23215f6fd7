import { isTextDeeper } from './nesting.ts';

describe('isTextDeeper', () => {
  it.each([
    ['[{"a":[1]}]', 3],
    ['[[],[],{}]', 2],
    ['["[[[[", "\\"[[[[", "\\\\", [1]]', 2],
    ['[[[', 3],
    ['"[', 0],
  ])('finds the depth of %s', (text, depth) => {
    expect(isTextDeeper(text, depth)).toBe(false);
    if (depth > 0) expect(isTextDeeper(text, depth - 1)).toBe(true);
  });
});
