import { withoutOrigin } from './request-target.ts';

it.each([
  ['/connect/1/register?a=b', '/connect/1/register?a=b'],
  ['http://other.example/connect/1/register', '/connect/1/register'],
  ['HTTPS://other.example:8443', '/'],
  ['http://other.example?a=b', '/?a=b'],
  ['//other.example/x', '//other.example/x'],
  ['/http://other.example/', '/http://other.example/'],
  ['*', '*'],
])('the path and query of the target %s are %s', (target, path) => {
  expect(withoutOrigin(target)).toBe(path);
});
