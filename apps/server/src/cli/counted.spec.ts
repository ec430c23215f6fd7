import { counted } from './counted.ts';

it.each([
  [0, 'client', '0 clients'],
  [1, 'client', '1 client'],
  [2, 'client', '2 clients'],
  [1, 'entry', '1 entry'],
  [2, 'entry', '2 entries'],
])('%i %s: %s', (count, noun, text) => {
  expect(counted(count, noun)).toBe(text);
});
