import { acceptedBy, refusedBy } from '../../test/samples.ts';
import { FIELDS, type ClientMetadata } from './client-metadata.ts';
import { toClient, toMetadata } from './convert.ts';
import { readClientMetadata, withDefaults } from './read.ts';

describe('the table of client metadata', () => {
  it('has no Authlete property twice', () => {
    const properties = FIELDS.flatMap(([, field]) => [field.property, field.localizable as string | undefined]);
    const named = properties.filter((property) => property !== undefined);
    expect(new Set(named).size).toBe(named.length);
  });

  describe.each(FIELDS)('%s', (name, field) => {
    it('points at the section that defines it', () => {
      expect(field.spec).toMatch(/^https:\/\/\S+$/);
    });

    it('accepts what its kind is made for', () => {
      expect(field.check(acceptedBy(field))).toBeUndefined();
      expect(readClientMetadata({ [name]: acceptedBy(field) })).toEqual({ metadata: { [name]: acceptedBy(field) } });
    });

    it.each(refusedBy(field).map((value) => [value]))('refuses %p, naming itself and not the value', (value) => {
      expect(field.check(value)).toBeDefined();
      if (value === '' || (Array.isArray(value) && value.length === 0)) return;
      const read = readClientMetadata({ [name]: value });
      if ('metadata' in read) throw new Error('accepted');
      expect(read.broken).toMatchObject({ member: name, error: field.error ?? 'invalid_client_metadata' });
      expect(read.broken.description).toMatch(/^\[A\d{6}\] [\x20-\x7e]+$/);
      expect(read.broken.description).toContain(name);
    });

    it('comes back from Authlete’s Client as it went in', () => {
      const metadata = { [name]: acceptedBy(field) } as ClientMetadata;
      expect(toMetadata(toClient(metadata))).toEqual(metadata);
    });

    it('accepts its own default', () => {
      const value = (withDefaults({ [name]: undefined }) as Record<string, unknown>)[name];
      if (value !== undefined) expect(field.check(value)).toBeUndefined();
    });
  });
});
