import fc from 'fast-check';
import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { RESULTS } from '../wire/result-codes.ts';

const settings = { supportedCustomClientMetadata: ['custom', 'other'] };

describe('custom members', () => {
  it('are returned unchanged, with every kind of JSON value', () => {
    const custom = { a: [1, null, { b: true }], c: 'Ünï', d: 0, e: false, f: [], g: '' };
    const {
      accepted,
      custom: read,
      metadata,
      findings,
    } = decideOn({ client_name: 'A', custom, other: 0 }, { settings });

    expect(accepted).toBe(true);
    expect(read.members).toEqual({ custom, other: 0 });
    expect(JSON.parse(read.text)).toEqual({ custom, other: 0 });
    expect(metadata).not.toHaveProperty('custom');
    expect(findings).toEqual([]);
  });

  it('are ignored if the service lists none', () => {
    const { custom, findings } = decideOn({ custom: 1 });

    expect(custom).toEqual({ members: {}, text: '{}' });
    expect(findings).toMatchObject([{ rule: 'member-unknown', members: ['custom'] }]);
  });

  it.each([[null], ['']])('are omitted if they are %j; an empty list is a value', (empty) => {
    expect(decideOn({ custom: empty, other: [] }, { settings }).custom.members).toEqual({ other: [] });
  });

  it('are replaced by an update', () => {
    expect(decideOnUpdate({ other: 1 }, { settings }).custom.text).toBe('{"other":1}');
  });

  it('have names that are compared exactly', () => {
    expect(decideOn({ Custom: 1, 'custom#ja': 1 }, { settings }).custom.members).toEqual({});
  });

  it('may have the name of a property that every object inherits', () => {
    const names = ['toString', 'hasOwnProperty', 'valueOf'];
    const { custom } = decideOn({ toString: 'x' }, { settings: { supportedCustomClientMetadata: names } });

    expect(Object.keys(custom.members)).toEqual(['toString']);
    expect(custom.text).toBe('{"toString":"x"}');
  });

  it.each(['9007199254740993', '1e999', '-1e400', '0.1000000000000000055', '{"a":[12345678901234567890,1]}'])(
    'keep the number in %s',
    (text) => {
      const decision = decideOn(`{"custom": ${text} ,"other":1}`, { settings });

      expect(decision.accepted).toBe(true);
      expect(decision.custom.text).toBe(`{"custom":${text},"other":1}`);
    },
  );

  it.each([
    ['\u0000', 'text-characters', 'custom'],
    [['a', { b: '\ud800' }], 'text-characters', 'custom[1].b'],
    [{ 'a\u0000': 1 }, 'text-characters', 'custom'],
    [{ a: { '\ud800': 1 } }, 'text-characters', 'custom.a'],
    ['javascript:alert(1)', 'text-executable', 'custom'],
    [[' JavaScript:alert(1)'], 'text-executable', 'custom[0]'],
    ['java\tscript:alert(1)', 'text-executable', 'custom'],
    [{ a: 'data:text/html,x' }, 'text-executable', 'custom.a'],
    ['file:///etc/passwd', 'text-executable', 'custom'],
  ])('are refused if they are %j', (custom, rule, member) => {
    const decision = decideOn({ custom }, { settings });
    const [refusal, ...others] = refusalsOf(decision);

    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ rule, members: [member], error: 'invalid_client_metadata' });
    expect([RESULTS.textMalformed.code, RESULTS.schemeRefused.code]).toContain(refusal?.resultCode);
    expect(refusal?.message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+\.$/);
    expect(decision.custom).toEqual({ members: {}, text: '{}' });
  });

  it('are named in printable ASCII, in bounded length (RFC 7591 section 3.2.2)', () => {
    const name = fc.string({ unit: 'binary', maxLength: 100 });
    const path = fc.oneof(
      fc.array(name, { maxLength: 6 }),
      fc.tuple(name, fc.nat(29)).map(([one, n]) => Array<string>(n).fill(one)),
    );
    fc.assert(
      fc.property(fc.constantFrom('custom', 'ü', 'vp_formats_supported'), path, (member, inside) => {
        const value = inside.reduceRight<unknown>((inner, one) => ({ [one]: inner }), {
          a: 'javascript:',
          b: ['data:'],
        });
        const { findings } = decideOn(
          { [member]: value },
          { settings: { supportedCustomClientMetadata: ['custom', 'ü'] } },
        );

        expect(findings.length).toBeGreaterThan(0);
        for (const { members, message } of findings) {
          expect([...members, message].filter((text) => !/^[\x20-\x7e]{1,1000}$/.test(text))).toEqual([]);
        }
      }),
    );
  });

  it.each(['javascript is a language', 'Data: none', 'mailto:me@example.org', 'https://client.example.org/', 'a\nb'])(
    'may be the text %j',
    (custom) => {
      expect(decideOn({ custom }, { settings }).custom.members).toEqual({ custom });
    },
  );

  it('are the same JSON value, or are refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        fc.pre(value !== null && value !== '');
        const text = `{"custom":${JSON.stringify(value)}}`;
        fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(text));
        const decision = decideOn(text, { settings });

        if (decision.accepted) expect(JSON.parse(decision.custom.text)).toEqual(JSON.parse(text));
        else expect(refusalsOf(decision)[0]?.members[0]).toMatch(/^custom/);
      }),
      { numRuns: 1_000 },
    );
  });
});
