import { JWKS, JWKS_URI } from '../../test/keys.ts';
import { rule } from '../../test/rule.ts';
import { sectorMembers } from './subject-types.ts';
import { CIBA_GRANT } from './backchannel-authentication.ts';

const CALLBACK = 'https://client.example.org/callback';
const OTHER = 'https://other.example.org/';
const pairwise = { subject_type: 'pairwise' };
const poll = { ...pairwise, grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'poll' };
const push = {
  ...pairwise,
  backchannel_token_delivery_mode: 'push',
  backchannel_client_notification_endpoint: 'https://client.example.org/notify',
};
const ping = { ...push, grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'ping' };
const both = { grant_types: ['authorization_code', CIBA_GRANT], response_types: ['code'] };

describe('the rules of subject types', () => {
  const unclear = (metadata: object, at: string, words: string) => ({
    metadata,
    members: [at, 'subject_type'],
    result: 'sectorUnclear' as const,
    words,
  });

  rule('pairwise-sector', 'pairwise identifiers need https URIs with one host', {
    accepts: [
      { ...pairwise, redirect_uris: [CALLBACK, 'https://client.example.org/other'] },
      { ...pairwise, redirect_uris: [CALLBACK, 'https://CLIENT.example.org:8443/'] },
      { ...pairwise, redirect_uris: [CALLBACK, OTHER], sector_identifier_uri: 'https://sector.example.org/' },
      { ...pairwise, redirect_uris: ['com.example.app:/'], sector_identifier_uri: 'https://sector.example.org/' },
      { subject_type: 'public', redirect_uris: [CALLBACK, OTHER] },
      { ...poll, jwks_uri: JWKS_URI },
      {
        ...ping,
        jwks_uri: JWKS_URI,
        backchannel_client_notification_endpoint: 'https://other.example.org/notify',
      },
      { ...poll, ...both, jwks_uri: JWKS_URI, redirect_uris: [CALLBACK] },
      push,
      { ...push, jwks_uri: 'https://other.example.org/jwks.json' },
      { ...push, redirect_uris: [CALLBACK] },
    ],
    refuses: [
      unclear(pairwise, 'redirect_uris', 'no URI has a host for a sector'),
      unclear(
        { ...pairwise, redirect_uris: [CALLBACK, OTHER] },
        'redirect_uris[1]',
        '"https://other.example.org/" has another host than "client.example.org"',
      ),
      // A client does not own these hosts.
      ...['com.example.app:/callback', 'evil.app://victim.example/cb', 'http://localhost/', 'https://localhost/'].map(
        (uri) => unclear({ ...pairwise, redirect_uris: [uri] }, 'redirect_uris[0]', 'has no host for a sector'),
      ),
      unclear(
        { ...poll, ...both, jwks_uri: JWKS_URI, redirect_uris: [OTHER] },
        'jwks_uri',
        'has another host than "other.example.org"',
      ),
      unclear(
        { ...push, redirect_uris: [OTHER] },
        'backchannel_client_notification_endpoint',
        'add a sector_identifier_uri, or use https URIs with one host',
      ),
    ],
  });

  rule('pairwise-backchannel-keys', 'pairwise identifiers with poll and ping need a jwks_uri', {
    accepts: [{ ...poll, jwks_uri: JWKS_URI }, { ...poll, subject_type: 'public' }, push],
    refuses: [
      { ...poll, redirect_uris: [CALLBACK] },
      { ...poll, redirect_uris: [CALLBACK], jwks: JWKS },
      { ...ping, redirect_uris: [CALLBACK] },
      { ...poll, sector_identifier_uri: 'https://client.example.org/sector.json' },
    ].map((metadata) => ({
      metadata,
      members: ['jwks_uri', 'subject_type', 'backchannel_token_delivery_mode'],
      result: 'memberMissing' as const,
      words:
        'must be present, because its host is the sector of pairwise identifiers with the delivery modes poll and ping',
    })),
  });
});

describe('the members whose URIs a sector document lists', () => {
  it.each([
    [{}, ['redirect_uris']],
    [{ ...poll, subject_type: 'public' }, ['redirect_uris']],
    [pairwise, ['redirect_uris']],
    [poll, ['redirect_uris', 'jwks_uri']],
    [ping, ['redirect_uris', 'jwks_uri']],
    [push, ['redirect_uris', 'backchannel_client_notification_endpoint']],
  ])('of %j are %j', (metadata, members) => {
    expect(sectorMembers(metadata)).toEqual(members);
  });
});
