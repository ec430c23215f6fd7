import { decideOn, decideOnUpdate, REGISTERED, refusalsOf } from '../../test/decisions.ts';
import { RESULTS } from '../wire/result-codes.ts';

describe('members that the server issued, in an update (RFC 7592 section 2.2)', () => {
  const refusalsOfUpdate = (metadata: object) => refusalsOf(decideOn(metadata, { registered: REGISTERED }));

  it.each([{}, { client_id: null }, { client_id: '' }])('must include client_id: %j', (metadata) => {
    expect(refusalsOfUpdate(metadata)).toMatchObject([
      { rule: 'issued-members', members: ['client_id'], resultCode: RESULTS.clientIdMissing.code },
    ]);
  });

  it.each([{ client_id: '1' }, { client_id: 4711 }, { client_id: ['4711'] }])(
    'must have the client_id of the client, not %j',
    (metadata) => {
      expect(refusalsOfUpdate(metadata)).toMatchObject([
        { rule: 'issued-members', members: ['client_id'], resultCode: RESULTS.clientIdWrong.code },
      ]);
    },
  );

  it('may have the issued values', () => {
    const { accepted, checks } = decideOnUpdate({
      client_id_issued_at: REGISTERED.clientIdIssuedAt,
      client_secret_expires_at: REGISTERED.clientSecretExpiresAt,
      registration_client_uri: REGISTERED.registrationClientUri,
    });

    expect([accepted, checks]).toEqual([true, []]);
  });

  it.each([
    ['client_id_issued_at', 1, '1 is not the issued value'],
    ['client_id_issued_at', '1700000000', '"1700000000" is not the issued value'],
    ['client_secret_expires_at', 1, '1 is not the issued value'],
    [
      'registration_client_uri',
      'https://attacker.example.org/',
      '"https://attacker.example.org/" is not the issued value',
    ],
    ['registration_client_uri', {}, 'the value is not the issued value; omit the member'],
  ])('are refused if %s is %j', (member, value, words) => {
    const [refusal, ...others] = refusalsOf(decideOnUpdate({ [member]: value }));

    expect(others).toEqual([]);
    expect(refusal).toMatchObject({
      rule: 'issued-members',
      members: [member],
      error: 'invalid_client_metadata',
      resultCode: RESULTS.issuedMemberWrong.code,
    });
    expect(refusal?.message).toContain(words);
  });

  it('create checks of credentials', () => {
    const { accepted, checks } = decideOnUpdate({ client_secret: 'a-secret', registration_access_token: 'a-token' });

    expect(accepted).toBe(true);
    expect(checks).toEqual([
      { rule: 'client-secret', presented: 'a-secret' },
      { rule: 'registration-access-token', presented: 'a-token' },
    ]);
  });

  it.each([
    ['client_secret', 'client-secret', RESULTS.clientSecretWrong.code],
    ['registration_access_token', 'registration-access-token', RESULTS.issuedMemberWrong.code],
  ])('are refused if %s is not a string', (member, rule, resultCode) => {
    const decision = decideOnUpdate({ [member]: { toString: 'hidden' } });

    expect(refusalsOf(decision)).toMatchObject([{ rule, members: [member], resultCode }]);
    expect(JSON.stringify(decision)).not.toContain('hidden');
  });

  it.each([null, ''])('count as omitted if they are %j', (empty) => {
    const { accepted, checks } = decideOnUpdate({
      client_secret: empty,
      registration_access_token: empty,
      client_id_issued_at: empty,
      client_secret_expires_at: empty,
      registration_client_uri: empty,
    });

    expect([accepted, checks]).toEqual([true, []]);
  });
});
