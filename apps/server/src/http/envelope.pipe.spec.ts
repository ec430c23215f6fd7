import 'reflect-metadata';
import { ApiServiceIdClientRegistrationUpdate, ClientAdministrationDto } from '@clientele/model';
import { EnvelopePipe, readEnvelope } from './envelope.pipe.ts';

const read = (body: unknown) =>
  new EnvelopePipe().transform(body, { type: 'body', metatype: ApiServiceIdClientRegistrationUpdate });

describe('EnvelopePipe', () => {
  it('returns the DTO of the route, with the client ID as a number', () => {
    const envelope = read({ clientId: '4711', token: 'a token', json: '{}', other: 1 });

    expect(envelope).toBeInstanceOf(ApiServiceIdClientRegistrationUpdate);
    expect(envelope).toEqual({ clientId: 4711, token: 'a token', json: '{}' });
  });

  it.each([undefined, null, 1, 'text', []])('refuses %j, which is not an object', (body) => {
    expect(() => read(body)).toThrow('a JSON object is expected.');
  });

  it('refuses a property with too many levels of nesting, and ignores an unknown one', () => {
    const deep = Array.from({ length: 100 }).reduce<object>((inner) => ({ inner }), {});

    expect(() => read({ clientId: 1, token: 't', json: deep })).toThrow(/levels of nesting/);
    expect(read({ clientId: 1, token: 't', json: '{}', deep })).not.toHaveProperty('deep');
  });

  it('refuses a property with too many values, or with a member that class-transformer would call', () => {
    const many = Array.from({ length: 1001 }, () => ({}));

    expect(() => read({ clientId: 1, token: 't', json: many })).toThrow('json has too many elements or members.');
    expect(() => read({ clientId: 1, token: [{ constructor: 1 }], json: '{}' })).toThrow(
      'token must not have a member constructor.',
    );
  });

  it.each([
    [{ notes: 'a\0b' }, 'notes: has the control character U+0000 at position 1'],
    [{ trustChain: ['a', 'a\ud800'] }, 'trustChain[1]: has half of a surrogate pair'],
    [{ attributes: [{ key: 'a', value: '\udc00' }] }, 'attributes[0].value: has half'],
    [{ extension: { 'a\0b': 1 } }, 'extension has the member "a\\u0000b"'],
  ])('refuses %j, which cannot be stored, and names it', (body, message) => {
    expect(() => readEnvelope(ClientAdministrationDto, body)).toThrow(message);
  });

  it('leaves the texts of a client application to the operation', () => {
    expect(read({ clientId: 1, token: '\0', json: '\ud800' })).toMatchObject({ token: '\0', json: '\ud800' });
  });

  it.each([
    ['json', { clientId: 1, token: 't', json: null }, 'A203302'],
    ['token', { clientId: 1, json: '{}' }, 'A215305'],
    ['clientId', { clientId: '01', token: 't', json: '{}' }, 'A215301'],
  ])('throws the result code of an invalid %s', (_property, body, code) => {
    expect(() => read(body)).toThrow(code);
  });
});
