import fc from 'fast-check';
import { decideOn } from '../../test/decisions.ts';
import { acceptedBy, fieldOf, NAMES } from '../../test/samples.ts';
import type { ClientMetadata } from './client-metadata.ts';
import { inexpressible, toClient, toMetadata } from './convert.ts';

/** Any set of members with accepted values, some of them in several languages. */
const anyMetadata = fc
  .record({
    names: fc.subarray([...NAMES]),
    tags: fc.uniqueArray(fc.constantFrom('ja', 'fr', 'de-CH', 'zh-Hant-TW', 'EN-us'), { maxLength: 3 }),
    pick: fc.nat(),
  })
  .map(
    ({ names, tags, pick }) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const { values, kind } = fieldOf(name);
          const localizable: unknown = fieldOf(name).localizable;
          const picked = values?.[pick % values.length];
          const value = picked === undefined ? acceptedBy(name) : kind === 'choices' ? [picked, values?.[0]] : picked;
          const tagged = localizable === undefined ? [] : tags.map((tag) => [`${name}#${tag}`, value]);
          return [[name, value], ...tagged] as [string, unknown][];
        }),
      ) as ClientMetadata,
  );

describe('toClient and toMetadata', () => {
  it('are inverse, together with the values that Authlete’s Client cannot express', () => {
    fc.assert(
      fc.property(anyMetadata, (metadata) => {
        expect({ ...toMetadata(toClient(metadata)), ...inexpressible(metadata) }).toEqual(metadata);
        const expressed = Object.keys(metadata).filter((name) => !Object.hasOwn(inexpressible(metadata) ?? {}, name));
        const client = toMetadata(toClient(metadata)) as Record<string, unknown>;
        for (const name of expressed) expect(client[name]).toEqual((metadata as Record<string, unknown>)[name]);
      }),
      { numRuns: 500 },
    );
  });

  it('are inverse after a conversion to JSON, with defaults', () => {
    fc.assert(
      fc.property(anyMetadata, (sent) => {
        const { metadata } = decideOn(sent);
        const stored = JSON.parse(JSON.stringify(toClient(metadata))) as ReturnType<typeof toClient>;
        expect({ ...toMetadata(stored), ...inexpressible(metadata) }).toEqual(metadata);
      }),
      { numRuns: 500 },
    );
  });

  it('use Authlete’s names and constants', () => {
    const client = toClient({
      client_name: 'Client',
      'client_name#ja': '顧客',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code id_token'],
      jwks: { keys: [] },
      scope: 'openid profile',
      id_token_encrypted_response_alg: 'ECDH-ES+A128KW',
      request_object_signing_alg: 'none',
    });
    expect(client).toEqual({
      clientName: 'Client',
      clientNames: [{ tag: 'ja', value: '顧客' }],
      tokenAuthMethod: 'PRIVATE_KEY_JWT',
      grantTypes: ['DEVICE_CODE'],
      responseTypes: ['CODE_ID_TOKEN'],
      jwks: '{"keys":[]}',
      extension: { requestableScopes: ['openid', 'profile'] },
      idTokenEncryptionAlg: 'ECDH_ES_A128KW',
      requestSignAlg: 'NONE',
    });
  });

  it('omit values without a constant in Authlete’s Client', () => {
    const metadata: ClientMetadata = {
      client_name: 'Client',
      id_token_signed_response_alg: 'Ed25519',
      userinfo_signed_response_alg: 'ES256',
      grant_types: ['authorization_code', 'urn:example:grant', 'urn:ietf:params:oauth:grant-type:uma-ticket'],
      response_types: ['vp_token'],
      response_modes: ['query', 'dc_api.jwt'],
    };

    expect(toClient(metadata)).toEqual({
      clientName: 'Client',
      userInfoSignAlg: 'ES256',
      grantTypes: ['AUTHORIZATION_CODE'],
      responseModes: ['QUERY'],
    });
    expect(inexpressible(metadata)).toEqual({
      id_token_signed_response_alg: 'Ed25519',
      grant_types: metadata.grant_types,
      response_types: ['vp_token'],
      response_modes: ['query', 'dc_api.jwt'],
    });
  });

  it('do not change an absent default_max_age or a 0', () => {
    expect(toClient({})).toEqual({});
    expect(toMetadata({})).toEqual({});
    expect(toMetadata(toClient({ default_max_age: 0 }))).toEqual({ default_max_age: 0 });
    expect(inexpressible({ default_max_age: 0 })).toBeUndefined();
  });

  it('return the members of keys exactly as they were sent', () => {
    const jwks = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', 'x-own': { z: 1, a: [null, 'ü'] } }], own: 1.5 };
    expect(toMetadata(toClient({ jwks }))).toEqual({ jwks });
  });
});
