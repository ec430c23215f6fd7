import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { JWKS, keySet, RSA_KEY } from '../../test/keys.ts';
import { FIELDS } from '../metadata/client-metadata.ts';
import { RESULTS } from '../wire/result-codes.ts';

const CALLBACK = 'https://client.example.org/callback';

/** The members with alternatives, each with its list and two values that violate no rule. */
const WITH_ALTERNATIVES = FIELDS.flatMap(([member, { alternatives, values = [] }]) => {
  if (alternatives === undefined) return [];
  const accepted = values.filter((value) => value !== 'none' && !value.startsWith('Ed')).slice(-2);
  const [first = '', second = ''] = member === 'token_endpoint_auth_method' ? ['client_secret_post', 'none'] : accepted;
  return [[member, alternatives, first, second] as const];
});

/** Members that content encryption algorithms need: keys of the client and the key management algorithm. */
function beside(member: string): object {
  const { algorithm } = FIELDS.find(([name]) => name === member)![1];
  const jwks =
    member === 'request_object_signing_alg' || member.startsWith('backchannel')
      ? undefined
      : keySet(RSA_KEY, JWKS.keys[0]!);
  return {
    redirect_uris: [CALLBACK],
    jwks,
    ...(algorithm !== undefined && 'contentOf' in algorithm && { [algorithm.contentOf]: 'RSA-OAEP' }),
  };
}

describe('members with alternatives (OpenID Connect Relying Party Metadata Choices)', () => {
  it('have nineteen rows', () => {
    expect(WITH_ALTERNATIVES).toHaveLength(19);
  });

  describe.each(WITH_ALTERNATIVES)('%s, by %s', (member, list, first, second) => {
    it('is the first value of the list, and the list is not registered (section 2)', () => {
      const decision = decideOn({ ...beside(member), [list]: [first, second] });

      expect(refusalsOf(decision)).toEqual([]);
      expect(decision.metadata).toHaveProperty(member, first);
      expect(decision.metadata).not.toHaveProperty(list);
      expect(decision.provenance).toHaveProperty(member, 'chosen');
    });

    it('is the single value if the client also sends one (section 2)', () => {
      const decision = decideOn({ ...beside(member), [list]: [first, second], [member]: second });

      expect(decision.metadata).toHaveProperty(member, second);
    });

    it('is refused if it is not in the list (section 2)', () => {
      const [refusal] = refusalsOf(decideOn({ ...beside(member), [list]: [first], [member]: second }));

      expect(refusal).toMatchObject({
        rule: 'value-known',
        members: [list],
        error: 'invalid_client_metadata',
        resultCode: RESULTS.valueUnsupported.code,
      });
      expect(refusal?.message).toContain(`does not contain "${second}", the value of ${member}`);
    });

    it('is another value of the list if the server does not know the single one (section 4)', () => {
      const sent = { ...beside(member), [list]: ['of the future', first], [member]: 'of the future' };
      const decision = decideOn(sent);

      expect(refusalsOf(decision)).toEqual([]);
      expect(decision.metadata).toHaveProperty(member, first);
    });

    it('is refused if the single value is neither known nor in the list', () => {
      const decision = decideOn({ ...beside(member), [list]: [first], [member]: 'of the future' });

      expect(refusalsOf(decision)[0]).toMatchObject({ rule: 'value-known', members: [member] });
    });

    it('is refused if the server knows no value of the list (section 4)', () => {
      const [refusal, ...others] = refusalsOf(decideOn({ ...beside(member), [list]: ['of the future'] }));

      expect(others).toEqual([]);
      expect(refusal).toMatchObject({ rule: 'value-supported', members: [list] });
      expect(refusal?.message).toContain('has no value that the server supports; add one');
    });

    it.each([['RS256'], [1], [[1]], [{ 0: 'RS256' }], [[['RS256']]]])('is refused by a list that is %j', (value) => {
      expect(refusalsOf(decideOn({ ...beside(member), [list]: value }))[0]).toMatchObject({
        rule: 'list-expected',
        members: [list],
        resultCode: RESULTS.listExpected.code,
      });
    });

    it('is refused by a list that is too long', () => {
      const value = Array<string>(101).fill(first);

      expect(refusalsOf(decideOn({ ...beside(member), [list]: value }))[0]).toMatchObject({ rule: 'list-length' });
    });

    it.each([[null], [''], [[]]])('ignores a list that is %j', (value) => {
      expect(decideOn({ ...beside(member), [list]: value }).metadata).toEqual(decideOn(beside(member)).metadata);
    });
  });

  it.each<[string, object, object]>([
    [
      'a method for which the client has what it needs',
      { token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth', 'client_secret_post'] },
      { token_endpoint_auth_method: 'client_secret_post' },
    ],
    [
      'an algorithm that goes with the method',
      {
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg_values_supported: ['ES256', 'HS512'],
      },
      { token_endpoint_auth_signing_alg: 'HS512' },
    ],
    [
      'an algorithm for which the client has a key',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: JWKS,
        token_endpoint_auth_signing_alg_values_supported: ['RS256', 'ES256'],
      },
      { token_endpoint_auth_signing_alg: 'ES256' },
    ],
    [
      'a subject type that the redirect URIs allow',
      { subject_types_supported: ['pairwise', 'public'], redirect_uris: [CALLBACK, 'https://other.example.org/'] },
      { subject_type: 'public' },
    ],
    [
      'a signature where one is needed',
      {
        id_token_signing_alg_values_supported: ['none', 'ES256'],
        response_types: ['id_token'],
        redirect_uris: [CALLBACK],
      },
      { id_token_signed_response_alg: 'ES256' },
    ],
    [
      'no encryption without keys, whatever the client could decrypt',
      {
        id_token_encryption_alg_values_supported: ['RSA-OAEP'],
        id_token_encryption_enc_values_supported: ['A256GCM'],
        userinfo_encryption_enc_values_supported: ['A256GCM'],
      },
      {
        id_token_encrypted_response_alg: undefined,
        id_token_encrypted_response_enc: undefined,
        userinfo_encrypted_response_enc: undefined,
      },
    ],
    [
      'key management, then content encryption',
      {
        jwks: JWKS,
        id_token_encryption_alg_values_supported: ['RSA-OAEP', 'ECDH-ES'],
        id_token_encryption_enc_values_supported: ['A256GCM', 'A128GCM'],
      },
      { id_token_encrypted_response_alg: 'ECDH-ES', id_token_encrypted_response_enc: 'A256GCM' },
    ],
  ])('are %s', (_what, metadata, chosen) => {
    const decision = decideOn(metadata);

    expect(refusalsOf(decision)).toEqual([]);
    for (const [member, value] of Object.entries(chosen)) {
      expect((decision.metadata as Record<string, unknown>)[member]).toEqual(value);
      expect(Object.hasOwn(decision.provenance, member)).toBe(value !== undefined);
    }
  });

  it('violate a rule if no value of a list is possible', () => {
    expect(refusalsOf(decideOn({ token_endpoint_auth_methods_supported: ['private_key_jwt'] }))).toMatchObject([
      { rule: 'keys-for-authentication', resultCode: RESULTS.memberMissing.code },
    ]);
  });

  it('are selected from the values that the service supports', () => {
    const settings = { supportedTokenAuthMethods: ['CLIENT_SECRET_JWT', 'PRIVATE_KEY_JWT'] };
    const list = { token_endpoint_auth_methods_supported: ['client_secret_post', 'none', 'client_secret_jwt'] };
    const chosen = decideOn({ ...list, token_endpoint_auth_method: 'none' }, { settings });

    expect(chosen.metadata.token_endpoint_auth_method).toBe('client_secret_jwt');
    expect(
      refusalsOf(decideOn({ token_endpoint_auth_methods_supported: ['client_secret_post', 'none'] }, { settings })),
    ).toMatchObject([{ rule: 'value-supported', members: ['token_endpoint_auth_methods_supported'] }]);
  });

  it('are selected again by an update, and do not change if an update sends the registered values (RFC 7592 section 2.2)', () => {
    const { metadata } = decideOn({ id_token_signing_alg_values_supported: ['PS256', 'ES256'] });
    const again = decideOnUpdate(metadata);
    const anew = decideOnUpdate({ id_token_signing_alg_values_supported: ['ES512'] });

    expect(again.metadata.id_token_signed_response_alg).toBe('PS256');
    expect(anew.metadata.id_token_signed_response_alg).toBe('ES512');
  });
});
