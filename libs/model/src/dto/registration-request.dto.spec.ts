import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ApiServiceIdClientRegistration, ApiServiceIdClientRegistrationUpdate } from './registration-request.dto.ts';

const EXAMPLE = {
  clientId: 904520,
  token: '<value>',
  json: '{key: 3378765542787724, key1: null, key2: "<value>"}',
} satisfies ApiServiceIdClientRegistrationUpdate;

const update = (body: object) =>
  plainToInstance(ApiServiceIdClientRegistrationUpdate, body, { excludeExtraneousValues: true });
const brokenIn = (dto: object) => validateSync(dto).map(({ property }) => property);

describe('ApiServiceIdClientRegistrationUpdate', () => {
  it('accepts the documented example', () => {
    expect(brokenIn(update(EXAMPLE))).toEqual([]);
    expect(update(EXAMPLE)).toEqual(EXAMPLE);
  });

  it.each([1, '1', 904520, '904520', 2 ** 53 - 1, '9007199254740991'])(
    'accepts %p as client ID, and makes it a number',
    (clientId) => {
      const dto = update({ ...EXAMPLE, clientId });
      expect(brokenIn(dto)).toEqual([]);
      expect(dto.clientId).toBe(Number(clientId));
    },
  );

  it.each([
    0,
    -1,
    1.5,
    'abc',
    '',
    ' 1',
    '01',
    '1.0',
    '1e3',
    '-1',
    2 ** 53,
    '9007199254740992',
    NaN,
    Infinity,
    [1],
    {},
    true,
    null,
    undefined,
  ])('refuses %p as client ID', (clientId) => {
    expect(brokenIn(update({ ...EXAMPLE, clientId }))).toEqual(['clientId']);
  });

  it.each(['token', 'json'])('needs %s to be a string', (property) => {
    for (const value of [undefined, null, 1, {}, ['x']]) {
      expect(brokenIn(update({ ...EXAMPLE, [property]: value }))).toEqual([property]);
    }
  });

  it('takes nothing that it does not know from a body', () => {
    const body = JSON.parse(
      '{"clientId":1,"token":"t","json":"{}","extra":1,"constructor":1,"__proto__":{"x":1}}',
    ) as object;
    const dto = update(body);
    expect(Object.keys(dto).sort()).toEqual(['clientId', 'json', 'token']);
    expect(dto).toBeInstanceOf(ApiServiceIdClientRegistrationUpdate);
  });
});

describe('ApiServiceIdClientRegistration', () => {
  it('needs only the metadata', () => {
    const register = (body: object) =>
      plainToInstance(ApiServiceIdClientRegistration, body, { excludeExtraneousValues: true });
    expect(brokenIn(register({ json: '{}' }))).toEqual([]);
    expect(brokenIn(register({ json: '{}', token: null, clientId: 'x' }))).toEqual([]);
    expect(brokenIn(register({ json: {} }))).toEqual(['json']);
    expect(brokenIn(register({ json: '{}', token: 1 }))).toEqual(['token']);
  });
});
