import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { JWKS_URI } from '../../test/keys.ts';
import { RESULTS } from '../wire/result-codes.ts';
import {
  judgeSectorDocument,
  keepsFlow,
  softwareIdTaken,
  wrongCredential,
  type SectorDocumentCheck,
} from './checks.ts';

const sector_identifier_uri = 'https://sector.example.org/uris.json';
const redirect_uris = ['https://a.example.org/', 'https://b.example.org/'];

describe('the check of a software_id', () => {
  it('is present if the service accepts each software_id only once', () => {
    const settings = { dcrDuplicateSoftwareIdBlocked: true };

    expect(decideOn({ software_id: 'a' }, { settings }).checks).toEqual([
      { rule: 'software-id-unique', softwareId: 'a' },
    ]);
    expect(decideOnUpdate({ software_id: 'a' }, { settings }).checks).toHaveLength(1);
    expect(decideOn({}, { settings }).checks).toEqual([]);
    expect(decideOn({ software_id: 'a' }).checks).toEqual([]);
  });

  it('that fails is a refusal', () => {
    expect(softwareIdTaken()).toMatchObject({
      rule: 'software-id-unique',
      severity: 'refused',
      members: ['software_id'],
      error: 'invalid_client_metadata',
      resultCode: RESULTS.softwareIdTaken.code,
    });
  });
});

describe('the check of credentials', () => {
  it.each([
    ['client-secret', 'client_secret', RESULTS.clientSecretWrong.code],
    ['registration-access-token', 'registration_access_token', RESULTS.issuedMemberWrong.code],
  ] as const)('%s that fails is a refusal', (rule, member, resultCode) => {
    expect(wrongCredential(rule)).toMatchObject({ rule, members: [member], resultCode, severity: 'refused' });
  });
});

describe('the check of a sector identifier document (OpenID Connect Registration section 5, CIBA section 4)', () => {
  const pairwise = { subject_type: 'pairwise', sector_identifier_uri };
  const ciba = { ...pairwise, grant_types: ['urn:openid:params:grant-type:ciba'] };
  const notify = 'https://a.example.org/notify';

  function checkOf(metadata: object): SectorDocumentCheck {
    const decision = decideOn(metadata);
    const check = decision.checks.find(({ rule }) => rule === 'sector-identifier-document');
    expect(refusalsOf(decision)).toEqual([]);
    return check as SectorDocumentCheck;
  }

  it.each<[object, SectorDocumentCheck['listed']]>([
    [{ ...pairwise, redirect_uris }, [['redirect_uris', redirect_uris]]],
    [{ sector_identifier_uri }, [['redirect_uris', []]]],
    [
      { ...ciba, backchannel_token_delivery_mode: 'poll', jwks_uri: JWKS_URI },
      [
        ['redirect_uris', []],
        ['jwks_uri', [JWKS_URI]],
      ],
    ],
    [
      { ...ciba, backchannel_token_delivery_mode: 'push', backchannel_client_notification_endpoint: notify },
      [
        ['redirect_uris', []],
        ['backchannel_client_notification_endpoint', [notify]],
      ],
    ],
  ])('of %j requires %j', (metadata, listed) => {
    expect(checkOf(metadata)).toEqual({ rule: 'sector-identifier-document', uri: sector_identifier_uri, listed });
  });

  it('is absent without a sector_identifier_uri, and after a refusal that ends the decision', () => {
    expect(decideOn({ subject_type: 'pairwise', redirect_uris: redirect_uris.slice(1) }).checks).toEqual([]);
    expect(decideOn({ sector_identifier_uri, client_name: 1 }, { findings: 'first' }).checks).toEqual([]);
    expect(decideOn({ sector_identifier_uri, client_name: 1 }).checks).toHaveLength(1);
  });

  const check = checkOf({ ...pairwise, redirect_uris });

  it.each([[redirect_uris], [[...redirect_uris].reverse()], [['x', 1, null, ...redirect_uris]]])(
    'passes with the document %j',
    (document) => {
      expect(judgeSectorDocument(check, document)).toBeUndefined();
    },
  );

  it.each([[undefined], [null], ['x'], [{ redirect_uris }], [1]])(
    'fails with the document %j, which is no list',
    (document) => {
      const finding = judgeSectorDocument(check, document);

      expect(finding).toMatchObject({
        rule: 'sector-identifier-document',
        severity: 'refused',
        members: ['sector_identifier_uri', 'sector_identifier_uri'],
        error: 'invalid_client_metadata',
        resultCode: RESULTS.sectorDocumentUnusable.code,
      });
      expect(finding?.message).toContain('has no usable document; publish a JSON array of redirect URIs there');
    },
  );

  it.each<[unknown[], string]>([
    [[], 'redirect_uris[0]'],
    [redirect_uris.slice(0, 1), 'redirect_uris[1]'],
    [[redirect_uris], 'redirect_uris[0]'],
    [['https://a.example.org', ...redirect_uris.slice(1)], 'redirect_uris[0]'],
  ])('fails with the document %j, which lacks %s', (document, member) => {
    expect(judgeSectorDocument(check, document)).toMatchObject({
      members: [member, 'sector_identifier_uri'],
      resultCode: RESULTS.sectorDocumentIncomplete.code,
    });
  });

  it('names the other members that a document lacks', () => {
    const other = checkOf({ ...ciba, backchannel_token_delivery_mode: 'poll', jwks_uri: JWKS_URI });

    expect(judgeSectorDocument(other, [])).toMatchObject({ members: ['jwks_uri', 'sector_identifier_uri'] });
    expect(judgeSectorDocument(other, [JWKS_URI])).toBeUndefined();
  });
});

describe('the check of a registered flow', () => {
  const code = { grant_types: ['authorization_code'], response_types: ['code'] };

  it.each([
    [code, code, true],
    [{}, {}, true],
    [code, { ...code, grant_types: ['authorization_code', 'refresh_token'] }, false],
    [code, { ...code, response_types: ['code', 'none'] }, false],
    [{ ...code, redirect_uris }, code, false],
    [{ grant_types: ['client_credentials'], response_types: [] }, code, false],
  ])('of a client with %j and an update with %j: %j', (registered, updated, expected) => {
    expect(keepsFlow(registered, updated)).toBe(expected);
  });
});
