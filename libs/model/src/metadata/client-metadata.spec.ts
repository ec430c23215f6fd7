import { decideOn, refusalsOf } from '../../test/decisions.ts';
import { acceptedBy, fieldOf, NAMES, refusedBy, sampleOf } from '../../test/samples.ts';
import { RESULTS } from '../wire/result-codes.ts';
import { FIELDS, type ClientMetadata } from './client-metadata.ts';
import { inexpressible, toClient, toMetadata } from './convert.ts';
import { OWN_CONSTANTS } from './values.ts';

/** A value whose constant Authlete does not have. */
function ownValueOf(values: readonly string[], toProperty: (member: string) => unknown): string | undefined {
  return values.find((value) => toProperty(value) === undefined);
}

describe('the table of client metadata', () => {
  it('has no Authlete property twice', () => {
    const properties = FIELDS.flatMap(([, field]) => [field.property, field.localizable]);
    const named = properties.filter((property) => property !== undefined);
    expect(new Set(named).size).toBe(named.length);
  });

  it('has no list of alternatives twice, and none with the name of a member', () => {
    const names = FIELDS.flatMap(([name, { alternatives }]) => [name, alternatives]);
    const used = names.filter((name) => name !== undefined);
    expect(new Set(used).size).toBe(used.length);
  });

  describe.each(NAMES)('%s', (name) => {
    const field = fieldOf(name);
    const value = acceptedBy(name);

    it('has the section that defines it', () => {
      expect(field.spec).toMatch(/^https:\/\/\S+$/);
    });

    it('is registered unchanged', () => {
      for (const plane of ['api', 'protocol'] as const) {
        const sample = { redirect_uris: ['https://client.example.org/a'], ...sampleOf(name) };
        const decision = decideOn(sample, { plane });

        expect(refusalsOf(decision)).toEqual([]);
        expect(decision.metadata).toHaveProperty(name, value);
        expect(decision.provenance).toHaveProperty(name, 'requested');
      }
    });

    it.each(refusedBy(name))('refuses %j by %s', (wrong, rule, result, at) => {
      const decision = decideOn({ [name]: wrong });
      const refusal = refusalsOf(decision).find(({ members }) => members[0] === `${name}${at}`);

      expect(decision.accepted).toBe(false);
      expect(decision.metadata).not.toHaveProperty(name);
      expect(refusal).toMatchObject({
        rule,
        severity: 'refused',
        members: [`${name}${at}`],
        error: field.error ?? 'invalid_client_metadata',
        resultCode: RESULTS[result].code,
      });
      expect(refusal?.message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+\.$/);
      expect(refusal?.message.startsWith(`[${RESULTS[result].code}] ${name}${at}: `)).toBe(true);
      expect(refusal?.specification).toMatch(/^https:\/\/\S+$/);
    });

    it.each([[null], [''], [[]]])('is omitted if it is %j', (empty) => {
      expect(decideOn({ [name]: empty })).toMatchObject(
        Object.fromEntries(Object.entries(decideOn({})).filter(([part]) => part !== 'findings')),
      );
    });

    it('is unchanged after a conversion to Authlete’s Client and back', () => {
      const metadata = { [name]: value } as ClientMetadata;
      const beside = inexpressible(metadata);

      if (beside === undefined) expect(toMetadata(toClient(metadata))).toEqual(metadata);
      expect({ ...toMetadata(toClient(metadata)), ...beside }).toEqual(metadata);
    });

    it('accepts its own default', () => {
      const byDefault = (decideOn({}).metadata as Record<string, unknown>)[name];
      const context = { settings: {}, parseUri: () => ({ rule: 'scheme', detail: '' }) as const };

      if (byDefault !== undefined) expect(field.check(byDefault, context)).toEqual([]);
    });

    if (field.localizable !== undefined) {
      it('is registered in several languages', () => {
        const metadata = { [name]: value, [`${name}#ja`]: value, [`${name}#de-CH-1996`]: value };
        const decision = decideOn(metadata);

        expect(decision.accepted).toBe(true);
        expect(decision.metadata).toMatchObject(metadata);
        expect(toMetadata(toClient(metadata as ClientMetadata))).toEqual(metadata);
        expect(refusalsOf(decideOn({ [`${name}#ja`]: 1 }))).toMatchObject([
          { rule: 'string-expected', members: [`${name}#ja`], resultCode: RESULTS.stringExpected.code },
        ]);
      });
    } else {
      it('has no languages', () => {
        const decision = decideOn({ [`${name}#en`]: 1 });

        expect(decision.accepted).toBe(true);
        expect(decision.metadata).not.toHaveProperty([`${name}#en`]);
        expect(decision.findings).toMatchObject([{ rule: 'member-unknown', severity: 'ignored' }]);
      });
    }

    if (field.values !== undefined) {
      const isList = field.kind === 'choices';
      const own = ownValueOf(field.values, (member) => field.toProperty(isList ? [member] : member) as unknown);

      it.each(field.values)('has the value %s, which is in Authlete’s Client or is stored beside it', (one) => {
        const metadata = { [name]: isList ? [one] : one } as ClientMetadata;
        const beside = inexpressible(metadata);
        const property = field.toProperty(isList ? [one] : one) as unknown;

        expect(beside).toEqual(property === undefined ? metadata : undefined);
        expect({ ...toMetadata(toClient(metadata)), ...beside }).toEqual(metadata);
        for (const constant of [property ?? []].flat()) expect(OWN_CONSTANTS.has(constant as string)).toBe(false);
      });

      if (own !== undefined && isList) {
        it('stores a list beside Authlete’s Client if the client has only some of its values', () => {
          const known = field.values?.find((one) => (field.toProperty([one]) as unknown) !== undefined);
          const metadata = { [name]: [known, own] } as unknown as ClientMetadata;

          expect(inexpressible(metadata)).toEqual(metadata);
          expect(toClient(metadata)).toEqual(toClient({ [name]: [known] } as unknown as ClientMetadata));
        });
      }
    }
  });
});
