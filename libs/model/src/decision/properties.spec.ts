import fc from 'fast-check';
import { decideOn, decideOnUpdate, REGISTERED, refusalsOf, type Circumstances } from '../../test/decisions.ts';
import { anySettings, hostileDocument, mixedDocument } from '../../test/hostile.ts';
import { readRequest } from './read-request.ts';

const anyPlane = fc.constantFrom('api', 'protocol');

/** Circumstances of all kinds, which include statements with arbitrary claims. */
const anyCircumstances: fc.Arbitrary<Circumstances> = fc
  .record({
    settings: anySettings,
    plane: anyPlane,
    registered: fc.constantFrom(undefined, REGISTERED, { ...REGISTERED, secret: 'hashed' as const }),
    statement: fc.option(mixedDocument, { nil: undefined, freq: 3 }),
  })
  .map((circumstances) => circumstances as Circumstances);

describe('every decision', () => {
  it('has the same first refusal in both modes', () => {
    let refused = 0;
    fc.assert(
      fc.property(mixedDocument, anyCircumstances, (metadata, circumstances) => {
        const sent = circumstances.registered === undefined ? metadata : { client_id: '4711', ...metadata };
        const all = decideOn(sent, { ...circumstances, findings: 'all' });
        const first = decideOn(sent, { ...circumstances, findings: 'first' });

        expect(first.accepted).toBe(all.accepted);
        expect(first.findings).toEqual(refusalsOf(all).slice(0, 1));
        if (!all.accepted) refused++;
        else {
          expect(first.metadata).toEqual(all.metadata);
          expect(first.custom).toEqual(all.custom);
          expect(first.provenance).toEqual(all.provenance);
          expect(first.checks).toEqual(all.checks);
        }
      }),
      { numRuns: 800 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('that accepts also accepts the registered metadata, and registers it unchanged', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mixedDocument, anySettings, anyPlane, anyPlane, (metadata, settings, plane, other) => {
        const decision = decideOn(metadata, { settings, plane });
        fc.pre(decision.accepted);
        accepted++;
        const again = decideOnUpdate(
          { ...decision.metadata, ...decision.custom.members },
          { settings, plane: other, registered: { ...REGISTERED, secret: 'recoverable' } },
        );

        const [refusal, ...others] = refusalsOf(again);
        if (refusal === undefined) {
          expect(again.metadata).toEqual(decision.metadata);
          expect(again.custom.members).toEqual(decision.custom.members);
          return;
        }
        // Only on the API plane, a client that names no flow may omit redirect URIs. The finding names the missing member.
        expect([plane, other, others, refusal.rule]).toEqual(['api', 'protocol', [], 'redirect-uris-present']);
        expect(refusal.message).toContain('add the URIs, or send grant_types without redirection');
      }),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('changes no prototype', () => {
    const before = Object.getOwnPropertyDescriptors(Object.prototype);
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'valueOf',
      'hasOwnProperty',
      '__defineGetter__',
    ];
    const claims = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    fc.assert(
      fc.property(claims, mixedDocument, (members, metadata) => {
        const settings = { supportedCustomClientMetadata: names };
        const text = JSON.stringify({ ...metadata, a: members, ...members });
        const { metadata: registered, custom, provenance } = decideOn(text, { settings });

        for (const object of [registered, custom.members, provenance]) {
          expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
        }
      }),
      { numRuns: 200 },
    );
    expect(Object.getOwnPropertyDescriptors(Object.prototype)).toEqual(before);
  });

  it('has messages in printable ASCII, in bounded length, with a section', () => {
    fc.assert(
      fc.property(hostileDocument, anySettings, (text, settings) => {
        const { findings } = decideOn(text, { settings });

        expect(findings.length).toBeLessThanOrEqual(200);
        for (const { rule, message, members, resultCode, severity, error, specification } of findings) {
          expect(message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+$/);
          expect(message.length).toBeLessThan(1_000);
          expect(message.startsWith(`[${resultCode}]`)).toBe(true);
          expect(members.length > 0).toBe(!rule.startsWith('json-'));
          expect(error !== undefined).toBe(severity === 'refused');
          expect(specification).toMatch(/^https:\/\//);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('repeats no key material, secret, token, statement or password', () => {
    const hidden = 'SeCrEt-MaTeRiAl_0123456789';
    const material = fc.constantFrom(hidden, `${hidden}=`, `\u0000${hidden}`, hidden.repeat(200), ` ${hidden}`);
    const member = fc.constantFrom('d', 'p', 'q', 'k', 'n', 'e', 'x', 'y', 'priv', 'x5c');
    fc.assert(
      fc.property(
        fc.constantFrom('RSA', 'EC', 'OKP', 'oct'),
        fc.dictionary(member, material, { minKeys: 1 }),
        material,
        anySettings,
        (kty, key, credential, settings) => {
          const text = JSON.stringify({
            client_id: '4711',
            jwks: { keys: [{ kty, crv: 'P-256', ...key }] },
            client_secret: credential,
            registration_access_token: [credential],
            software_statement: [credential],
            client_uri: `https://user:${hidden}@client.example.org/${'x'.repeat(credential.length > 100 ? 3_000 : 1)}`,
          });
          const request = readRequest(text);
          expect('members' in request).toBe(true);
          const { findings } = decideOn(text, { settings, registered: REGISTERED });

          expect(findings.length).toBeGreaterThan(2);
          expect(JSON.stringify(findings)).not.toContain('SeCrEt');
        },
      ),
      { numRuns: 500 },
    );
  });
});
