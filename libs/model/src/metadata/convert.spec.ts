import fc from 'fast-check';
import { acceptedBy } from '../../test/samples.ts';
import { FIELDS, type ClientMetadata } from './client-metadata.ts';
import { toClient, toMetadata } from './convert.ts';
import { withDefaults } from './read.ts';

/** Any set of members, each with a value that its row accepts, some of them in several languages. */
const anyMetadata = fc
  .record({
    names: fc.subarray([...FIELDS]),
    tags: fc.uniqueArray(fc.constantFrom('ja', 'fr', 'de-CH', 'zh-Hant-TW', 'EN-us'), { maxLength: 3 }),
  })
  .map(
    ({ names, tags }) =>
      Object.fromEntries(
        names.flatMap(([name, field]) => {
          const value = acceptedBy(field);
          const tagged = field.localizable === undefined ? [] : tags.map((tag) => [`${name}#${tag}`, value]);
          return [[name, value], ...tagged] as [string, unknown][];
        }),
      ) as ClientMetadata,
  );

describe('toClient and toMetadata', () => {
  it('are each other’s reverse', () => {
    fc.assert(
      fc.property(anyMetadata, (metadata) => {
        expect(toMetadata(toClient(metadata))).toEqual(metadata);
      }),
    );
  });

  it('survive JSON in between, with defaults filled in', () => {
    fc.assert(
      fc.property(anyMetadata, (metadata) => {
        const complete = withDefaults(metadata);
        const stored = JSON.parse(JSON.stringify(toClient(complete))) as ReturnType<typeof toClient>;
        expect(toMetadata(stored)).toEqual(complete);
      }),
    );
  });

  it('use Authlete’s names and constants', () => {
    const client = toClient({
      client_name: 'Client',
      'client_name#ja': '顧客',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['id_token code'],
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
});
