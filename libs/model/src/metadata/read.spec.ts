import { readClientMetadata, withDefaults } from './read.ts';

function read(object: Record<string, unknown>) {
  const result = readClientMetadata(object);
  if ('broken' in result) throw new Error(result.broken.description);
  return result.metadata;
}

function broken(object: Record<string, unknown>) {
  const result = readClientMetadata(object);
  if ('metadata' in result) throw new Error('accepted');
  return result.broken;
}

describe('readClientMetadata', () => {
  it('ignores members that it does not know (RFC 7591 section 2)', () => {
    expect(read({ client_name: 'x', unknown: 1, toString: 'x', 'redirect_uris#ja': [], 'scope#ja': 'x' })).toEqual({
      client_name: 'x',
    });
  });

  it('takes null and empty values for omitted ones (RFC 7592 section 2.2)', () => {
    expect(
      read({ client_name: null, logo_uri: '', contacts: [], 'client_name#ja': '', require_auth_time: false }),
    ).toEqual({
      require_auth_time: false,
    });
  });

  it('reports the first broken member in the order of the table', () => {
    expect(broken({ default_max_age: -1, client_name: 5, redirect_uris: ['x'] })).toMatchObject({
      member: 'redirect_uris',
      error: 'invalid_redirect_uri',
    });
  });

  describe('language tags (RFC 7591 section 2.2)', () => {
    it('are kept as they were sent', () => {
      const metadata = { client_name: 'x', 'client_name#ja-Hani-JP': 'y', 'logo_uri#FR': 'https://c.example/logo' };
      expect(read(metadata)).toEqual(metadata);
    });

    it('are compared without regard to case', () => {
      expect(broken({ 'client_name#fr': 'x', 'client_name#FR': 'y' })).toMatchObject({
        member: 'client_name#FR',
        resultCode: 'A032203',
      });
    });

    it.each(['', '1', 'a b', 'ä', 'toolongsubtag', 'x'.repeat(36), 'en-', '-en'])('must not be %p', (tag) => {
      expect(broken({ [`client_name#${tag}`]: 'x' }).resultCode).toBe('A032205');
    });

    it('bring values that are checked like the untagged one', () => {
      expect(broken({ 'tos_uri#de': 'javascript:alert(1)' })).toMatchObject({
        member: 'tos_uri#de',
        resultCode: 'A031233',
      });
    });
  });

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a/b',
    'about:blank',
  ])('refuses %p as a redirect URI', (uri) => {
    expect(broken({ redirect_uris: [uri] })).toMatchObject({ error: 'invalid_redirect_uri', resultCode: 'A031233' });
  });

  it.each([
    ' https://client.example/cb',
    'https://client.example/cb ',
    'https://client.example/\u0000cb',
    'java\tscript:alert(1)',
    'https://client.example/cb#fragment',
    'https://client.example/cb#',
    'https:client.example',
    'https:///cb',
    'https://user:pw@client.example/cb',
    'https://client.example\\@evil.example/cb',
    'https://clïent.example/cb',
    'https://client.example:99999/cb',
    'https://client.example:0/cb',
    'https://*.client.example/cb',
    'https://client.example./cb',
    'http://localhost.:80/cb',
    'https://client.example/%zz',
    '/cb',
    'cb',
    `https://client.example/${'x'.repeat(2048)}`,
  ])('refuses %p as a redirect URI', (uri) => {
    expect(broken({ redirect_uris: [uri] }).error).toBe('invalid_redirect_uri');
  });

  it.each([
    'https://client.example/cb?a=b&c=d',
    'http://localhost:1234/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:80/cb',
    'com.example.app:/cb',
    'cursor://anysphere.cursor-retrieval/oauth/cb',
    'urn:ietf:wg:oauth:2.0:oob',
  ])('accepts %p as a redirect URI', (uri) => {
    expect(read({ redirect_uris: [uri] })).toEqual({ redirect_uris: [uri] });
  });

  it.each(['http://client.example/jwks', 'com.example:/jwks', 'ftp://client.example/jwks'])(
    'wants https for jwks_uri, not %p',
    (uri) => {
      expect(broken({ jwks_uri: uri }).resultCode).toBe('A204313');
    },
  );
});

describe('withDefaults', () => {
  it('fills in what RFC 7591 section 2 and OpenID Connect Registration section 2 name', () => {
    expect(withDefaults({})).toEqual({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      default_max_age: 0,
      require_auth_time: false,
      tls_client_certificate_bound_access_tokens: false,
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      backchannel_user_code_parameter: false,
      frontchannel_logout_session_required: false,
      backchannel_logout_session_required: false,
      dpop_bound_access_tokens: false,
      use_mtls_endpoint_aliases: false,
    });
  });

  it.each([
    [{ grant_types: ['client_credentials'] }, { response_types: [] }],
    [{ grant_types: ['implicit'] }, { response_types: [] }],
    [{ grant_types: ['authorization_code', 'refresh_token'] }, { response_types: ['code'] }],
    [{ response_types: ['id_token'] }, { grant_types: ['implicit'] }],
    [{ response_types: ['code id_token'] }, { grant_types: ['authorization_code', 'implicit'] }],
    [{ response_types: ['none'] }, { grant_types: ['authorization_code'] }],
    [{ redirect_uris: ['http://localhost/cb', 'com.example:/cb'] }, { application_type: 'native' }],
    [{ redirect_uris: ['http://localhost/cb', 'https://c.example/cb'] }, { application_type: 'web' }],
    [{ id_token_encrypted_response_alg: 'RSA-OAEP' }, { id_token_encrypted_response_enc: 'A128CBC-HS256' }],
  ])('completes %j with %j', (metadata, expected) => {
    expect(withDefaults(metadata)).toMatchObject(expected);
  });

  it('never changes what was sent', () => {
    const metadata = { token_endpoint_auth_method: 'none', default_max_age: 5, require_auth_time: true };
    expect(withDefaults(metadata)).toMatchObject(metadata);
  });
});
