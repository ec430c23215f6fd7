import 'reflect-metadata';
import {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import fc from 'fast-check';
import { EnvelopePipe, read } from './envelope.pipe.ts';
import { envelopeReader } from './envelope-reader.ts';
import { ServiceSettingsDto } from '../services/service-settings.dto.ts';

const ENVELOPES = [
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
  ApiServiceIdClientRegistrationDelete,
];

const value = fc.oneof(
  fc.string(),
  fc.maxSafeNat(),
  fc.maxSafeNat().map(String),
  fc.constantFrom(0, -1, 1.5, Number.MAX_SAFE_INTEGER, '007', '', true, null, undefined),
  fc.jsonValue(),
);

const body = fc
  .record({ clientId: value, token: value, json: value, other: value }, { requiredKeys: [] })
  .map((members) => JSON.parse(JSON.stringify(members)) as Record<string, never>);

describe('The reader of envelopes', () => {
  it.each(ENVELOPES)('makes of a body of %p what class-transformer and class-validator make of it', (dto) => {
    const quick = envelopeReader(dto);
    fc.assert(
      fc.property(body, (given) => {
        const made = quick?.(given);
        if (made === undefined) return;
        const expected = read(dto, given);
        expect(made).toBeInstanceOf(dto);
        expect(made).toStrictEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(ENVELOPES)('reads the sound bodies of %p by itself', (dto) => {
    const sound = { clientId: '4711', token: 'a token', json: '{}' };
    expect(envelopeReader(dto)?.(sound)).toStrictEqual(read(dto, sound));
    expect(new EnvelopePipe().transform(sound, { type: 'body', metatype: dto })).toStrictEqual(read(dto, sound));
  });

  it('leaves DTOs with objects inside to the libraries', () => {
    expect(envelopeReader(ServiceSettingsDto)).toBeUndefined();
  });
});
