import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { EC_KEY, JWKS, JWKS_URI, keySet } from '../../test/keys.ts';
import { RESULTS } from '../wire/result-codes.ts';

const redirect_uris = ['https://client.example.org/callback'];

describe('a software statement (RFC 7591 section 2.3)', () => {
  it('replaces members of the same name, and does not change the others', () => {
    const { accepted, metadata, provenance } = decideOn(
      { client_name: 'Mine', client_uri: 'https://client.example.org/' },
      { statement: { client_name: 'Stated', redirect_uris } },
    );

    expect(accepted).toBe(true);
    expect(metadata).toMatchObject({
      client_name: 'Stated',
      client_uri: 'https://client.example.org/',
      redirect_uris,
    });
    expect(provenance).toMatchObject({
      client_name: 'statement',
      redirect_uris: 'statement',
      client_uri: 'requested',
      subject_type: 'default',
    });
  });

  it('may contain the flow of a client, which then counts as named', () => {
    const statement = { grant_types: ['authorization_code'] };

    expect(refusalsOf(decideOn({}, { statement }))).toMatchObject([{ rule: 'redirect-uris-present' }]);
  });

  it.each(['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri'])(
    'that states %s drops the languages of the request',
    (name) => {
      const value = 'https://client.example.org/';
      const { metadata } = decideOn(
        { [`${name}#en`]: value, [`${name}#ja`]: value, description: 'A', 'description#en': 'B' },
        { statement: { [name]: value } },
      );

      expect(metadata).not.toHaveProperty([`${name}#en`]);
      expect(metadata).not.toHaveProperty([`${name}#ja`]);
      expect(metadata).toMatchObject({ [name]: value, description: 'A', 'description#en': 'B' });
    },
  );

  it('with one language of a member removes the member and its other languages', () => {
    const { metadata } = decideOn(
      { client_name: 'A', 'client_name#ja': 'B' },
      { statement: { 'client_name#en': 'C' } },
    );

    expect(metadata).toHaveProperty(['client_name#en'], 'C');
    expect(metadata).not.toHaveProperty('client_name');
    expect(metadata).not.toHaveProperty(['client_name#ja']);
  });

  it.each([[null], [''], [[]]])('with an empty claim, %j, changes nothing', (empty) => {
    const { metadata, provenance } = decideOn(
      { redirect_uris, client_name: 'Mine', contacts: ['me'] },
      { statement: { client_name: empty, contacts: empty, redirect_uris: empty } },
    );

    expect(metadata).toMatchObject({ redirect_uris, client_name: 'Mine', contacts: ['me'] });
    expect(provenance).toMatchObject({ client_name: 'requested', contacts: 'requested' });
  });

  it('cannot contain members that only the server sets, nor another statement', () => {
    const statement = {
      iss: 'https://issuer.example',
      sub: 'x',
      aud: ['y'],
      exp: 1,
      nbf: 1,
      iat: 1,
      jti: 'z',
      client_id: 'mine',
      client_secret: 'mine',
      client_id_issued_at: 1,
      client_secret_expires_at: 1,
      registration_access_token: 'mine',
      registration_client_uri: 'https://attacker.example/',
      software_statement: 1,
    };
    const names = Object.keys(statement);
    const decision = decideOn({}, { statement, settings: { supportedCustomClientMetadata: names } });

    expect(decision).toMatchObject({ accepted: true, findings: [], checks: [] });
    expect(decision.metadata).toEqual(decideOn({}).metadata);
    for (const name of names) if (name !== 'software_statement') expect(decision.provenance).not.toHaveProperty(name);
  });

  it('may have claims with names that every object inherits', () => {
    const names = ['toString', 'hasOwnProperty', 'valueOf'];
    const statement = Object.fromEntries(names.map((name) => [name, `stated ${name}`]));
    const decision = decideOn({}, { statement, settings: { supportedCustomClientMetadata: names } });

    expect(decision.custom.members).toEqual(statement);
    for (const name of names) expect(Object.hasOwn(decision.provenance, name)).toBe(true);
  });

  describe('with keys is the only source of keys', () => {
    const sources = { jwks: JWKS, jwks_uri: JWKS_URI, signed_jwks_uri: 'https://client.example.org/jwks.jwt' };
    const names = Object.keys(sources) as (keyof typeof sources)[];
    const pairs = names.flatMap((stated) =>
      names.filter((name) => name !== stated).map((name) => [stated, name] as const),
    );

    it.each(pairs)('so a request with %s in the statement must not have %s', (stated, name) => {
      const decision = decideOn({ [name]: sources[name] }, { statement: { [stated]: sources[stated] } });
      const [refusal] = refusalsOf(decision);

      expect(refusal).toMatchObject({
        rule: 'statement-keys',
        members: [name],
        error: 'invalid_client_metadata',
        resultCode: RESULTS.keysOutsideStatement.code,
      });
      expect(refusal?.message).toContain(`must not be present, because the software statement has ${stated}; omit it`);
    });

    it.each(names)('and replaces the %s of the request', (name) => {
      const other = name === 'jwks' ? keySet() : 'https://other.example.org/';
      const decision = decideOn({ [name]: other }, { statement: { [name]: sources[name] } });

      expect(decision.accepted).toBe(true);
      expect(decision.metadata).toHaveProperty(name, sources[name]);
    });

    it('as a directory names them', () => {
      const statement = { software_jwks_endpoint: JWKS_URI };
      const decision = decideOn({ jwks: JWKS }, { statement });

      expect(refusalsOf(decision)[0]).toMatchObject({ rule: 'statement-keys', members: ['jwks'] });
      expect(decideOn({}, { statement }).metadata.jwks_uri).toBe(JWKS_URI);
    });
  });

  describe('of a directory', () => {
    it.each([
      ['software_client_name', 'client_name', 'Stated'],
      ['software_client_uri', 'client_uri', 'https://client.example.org/'],
      ['software_logo_uri', 'logo_uri', 'https://client.example.org/logo.png'],
      ['software_policy_uri', 'policy_uri', 'https://client.example.org/policy'],
      ['software_tos_uri', 'tos_uri', 'https://client.example.org/tos'],
      ['software_jwks_uri', 'jwks_uri', JWKS_URI],
      ['software_jwks_endpoint', 'jwks_uri', JWKS_URI],
    ])('states by %s the member %s', (claim, member, value) => {
      const { metadata, provenance } = decideOn(
        { [member]: 'https://other.example.org/' },
        { statement: { [claim]: value } },
      );

      expect(metadata).toHaveProperty(member, value);
      expect(provenance).toHaveProperty(member, 'statement');
    });

    it('states by the name of a member what counts before its own name for it', () => {
      const statement = { software_client_name: 'Directory', client_name: 'Standard' };

      expect(decideOn({}, { statement }).metadata.client_name).toBe('Standard');
      expect(decideOn({}, { statement: { ...statement, client_name: '' } }).metadata.client_name).toBe('Directory');
    });

    const allowed = ['https://client.example.org/a', 'https://client.example.org/b'];

    it('allows the request some of its software_redirect_uris', () => {
      const statement = { software_redirect_uris: allowed };
      const decision = decideOn({ redirect_uris: allowed.slice(1) }, { statement });

      expect(decision.accepted).toBe(true);
      expect(decision.metadata.redirect_uris).toEqual(allowed.slice(1));
      expect(decision.provenance.redirect_uris).toBe('requested');
    });

    it.each([{}, { redirect_uris: null }, { redirect_uris: [] }])(
      'gives %j all of its software_redirect_uris',
      (sent) => {
        const decision = decideOn(sent, { statement: { software_redirect_uris: allowed } });

        expect(decision.metadata.redirect_uris).toEqual(allowed);
        expect(decision.provenance.redirect_uris).toBe('statement');
      },
    );

    it('refuses other redirect URIs', () => {
      const decision = decideOn(
        { redirect_uris: [allowed[0], 'https://client.example.org/c'] },
        { statement: { software_redirect_uris: allowed } },
      );

      expect(refusalsOf(decision)).toMatchObject([
        {
          rule: 'statement-redirect-uris',
          members: ['redirect_uris[1]'],
          error: 'invalid_redirect_uri',
          resultCode: RESULTS.redirectUriNotStated.code,
        },
      ]);
      expect(refusalsOf(decision)[0]?.message).toContain(
        '"https://client.example.org/c" is not in software_redirect_uris',
      );
    });

    it('with redirect_uris of its own lets them win', () => {
      const decision = decideOn({}, { statement: { software_redirect_uris: allowed, redirect_uris } });

      expect(decision.metadata.redirect_uris).toEqual(redirect_uris);
    });

    it('limits nothing by an empty list', () => {
      const decision = decideOn({ redirect_uris }, { statement: { software_redirect_uris: [] } });

      expect(decision.accepted).toBe(true);
      expect(decision.metadata.redirect_uris).toEqual(redirect_uris);
    });

    it.each(['https://client.example.org/a', {}, 1])(
      'allows no redirect URI if the claim is %j, which is not a list',
      (claim) => {
        const statement = { software_redirect_uris: claim };

        for (const metadata of [{}, { redirect_uris }]) {
          expect(
            refusalsOf(decideOn({ grant_types: ['client_credentials'], ...metadata }, { statement })),
          ).toMatchObject([{ rule: 'statement-redirect-uris', error: 'invalid_software_statement' }]);
        }
      },
    );
  });

  describe('at fault', () => {
    it.each([
      [{ redirect_uris: ['https://client.example.org/#x'] }, 'fragment-allowed', 'redirect_uris[0]'],
      [{ software_redirect_uris: ['javascript:alert(1)'] }, 'scheme-allowed', 'redirect_uris[0]'],
      [{ client_name: 1 }, 'string-expected', 'client_name'],
      [{ 'client_name#no such': 'A' }, 'language-tag', 'client_name#no such'],
      [{ 'client_name#a.b': 'A' }, 'language-tag', 'client_name#a.b'],
      [{ 'client_name#ja': '\u202e' }, 'text-characters', 'client_name#ja'],
      [{ jwks: { keys: [{ ...EC_KEY, d: 'x' }] } }, 'key-private', 'jwks.keys[0].d'],
      [{ custom: ['a', '\u0000'] }, 'text-characters', 'custom[1]'],
      [{ 'ü.b': ['a', '\u0000'] }, 'text-characters', '"\\u00fc.b"[1]'],
      [{ grant_types: ['refresh_token'] }, 'grant-refresh-token-alone', 'grant_types'],
    ])('in the statement %j is an invalid_software_statement', (statement, rule, member) => {
      const settings = { supportedCustomClientMetadata: ['custom', 'ü.b'] };
      const [refusal, ...others] = refusalsOf(decideOn({}, { statement, settings }));

      expect(others).toEqual([]);
      expect(refusal).toMatchObject({ rule, error: 'invalid_software_statement' });
      expect(refusal?.members[0]?.startsWith(member.split(/[ .]/)[0]!)).toBe(true);
      expect(refusal?.message).toContain('The value is in the software statement.');
    });

    it('together with a member of the request is a fault of the request', () => {
      const decision = decideOn(
        { grant_types: ['client_credentials'] },
        { statement: { token_endpoint_auth_method: 'none' } },
      );

      expect(refusalsOf(decision)).toMatchObject([{ rule: 'grant-public-client', error: 'invalid_client_metadata' }]);
    });
  });

  it.each([
    [{}, 'statement-present', RESULTS.statementMissing.code],
    [{ software_statement: '' }, 'statement-present', RESULTS.statementMissing.code],
    [{ software_statement: null }, 'statement-present', RESULTS.statementMissing.code],
    [{ software_statement: 1 }, 'statement-text', RESULTS.statementMalformed.code],
  ])('is missing in %j if the service requires a statement: %s', (metadata, rule, resultCode) => {
    const decisions = [
      decideOn(metadata, { settings: { softwareStatementRequired: true } }),
      decideOnUpdate(metadata, { settings: { softwareStatementRequired: true } }),
    ];
    for (const decision of decisions) {
      expect(refusalsOf(decision)).toMatchObject([
        { rule, members: ['software_statement'], error: 'invalid_software_statement', resultCode },
      ]);
    }
  });

  it.each([1, {}, ['x'], true])('must be a string, not %j', (software_statement) => {
    expect(refusalsOf(decideOn({ software_statement }))).toMatchObject([
      { rule: 'statement-text', error: 'invalid_software_statement' },
    ]);
  });
});
