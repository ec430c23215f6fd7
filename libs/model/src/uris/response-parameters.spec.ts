import { jest } from '@jest/globals';
import fc from 'fast-check';
import { RESPONSE_PARAMETERS, responseParameterIn } from './response-parameters.ts';

const NAMES = [...RESPONSE_PARAMETERS];

describe('responseParameterIn', () => {
  it.each(NAMES)('finds %s in every encoding', (name) => {
    const encoded = name.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    for (const query of [name, `${name}=`, `a=b&${name}=c`, `&&${name}&`, `a&${encoded}=1`, encoded.toUpperCase()]) {
      expect(responseParameterIn(query)).toBe(name);
    }
  });

  it('finds the first of several', () => {
    expect(responseParameterIn('a=1&iss=2&code=3&iss=4')).toBe('iss');
  });

  it.each([
    ...[
      '',
      '&',
      '=',
      'a=code',
      'a=b=code',
      'Code=1',
      'STATE=1',
      'codes=1',
      'xcode=1',
      'a?code=1',
      'co+de=1',
      '%20code=1',
    ],
    ...['co%2fde=1', '%63%6f%64%65%65', '%63'.repeat(200), 'toString=1', '__proto__=1', 'client_id=1', 'ticket=1'],
  ])('finds nothing in %j', (query) => {
    expect(responseParameterIn(query)).toBeUndefined();
  });

  it('finds the same parameters as a server that decodes the query', () => {
    const name = fc.oneof(
      fc.constantFrom(...NAMES, '%63ode', 'stat%65', 'i+ss', '%', '%zz', 'a'),
      fc.stringMatching(/^[a-z%+=]*$/),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const query = names.join('&');
        const expected = [...new URLSearchParams(query).keys()].find((key) => NAMES.includes(key));
        expect(responseParameterIn(query)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('decodes only a short name for each parameter of a long query', () => {
    const decode = jest.spyOn(String, 'fromCharCode');
    responseParameterIn('%41'.repeat(100_000));
    expect(decode).not.toHaveBeenCalled();
    responseParameterIn('%41&'.repeat(1_000));
    expect(decode).toHaveBeenCalledTimes(1_000);
    decode.mockRestore();
  });
});
