import { normalizedTarget } from './request-target.ts';

it.each([
  ['/connect/1/register?a=b', '/connect/1/register?a=b'],
  ['http://other.example/connect/1/register', '/connect/1/register'],
  ['HTTPS://other.example:8443', '/'],
  ['http://other.example?a=b', '/?a=b'],
  ['//other.example/x', '//other.example/x'],
  ['/http://other.example/', '/http://other.example/'],
  ['*', '*'],
  ['/%63onn%45ct/%31/register', '/connEct/1/register'],
  ['/%7e%2D%2e%5F%7A%39?a=%41', '/~-._z9?a=A'],
  ['/%6%33onnect', '/%6%33onnect'],
  ['/%%36%33onnect', '/%%363onnect'],
  ['/a%25%33%33', '/a%2533'],
  ['/a%2Fb%25%3F%23%20%c3%a4%40%60%5B%7B%zz%', '/a%2Fb%25%3F%23%20%c3%a4%40%60%5B%7B%zz%'],
])('the target %s is normalized to %s', (target, path) => {
  expect(normalizedTarget(target)).toBe(path);
});
