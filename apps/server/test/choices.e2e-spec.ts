import { FIELDS, type ClientMetadata } from '@clientele/model/metadata';
import { JWKS } from './support/samples.ts';
import { startServer, type Answer, type TestServer } from './support/server.ts';

const CALLBACK = 'https://client.example.org/callback';

/** The members that can be left to the server, with the list that does it. */
const CHOOSABLE = FIELDS.flatMap(([member, { alternatives, values = [] }]) =>
  alternatives === undefined ? [] : [[member, alternatives, values] as const],
);

/** What members need that name how something is encrypted: keys of the client, and key management. */
function companions(member: string): ClientMetadata {
  const algorithm = member.endsWith('_enc') ? { [member.replace(/_enc$/, '_alg')]: 'RSA-OAEP' } : {};
  return { jwks: JWKS, redirect_uris: [CALLBACK], ...algorithm };
}

describe('members that a client leaves to the server (OpenID Connect Relying Party Metadata Choices)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  beforeEach(() => server.configure());

  afterAll(() => server.close());

  /** The value of a member in an answer. */
  const valueOf = (content: object, member: string): unknown => new Map(Object.entries(content)).get(member);

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  it('are nineteen', () => {
    expect(CHOOSABLE).toHaveLength(19);
  });

  describe.each(CHOOSABLE)('%s, by %s', (member, list, values) => {
    const accepted = values.filter((value) => value !== 'none').slice(-2);
    const [first = '', second = ''] =
      member === 'token_endpoint_auth_method' ? ['client_secret_post', 'none'] : accepted;

    it('is the first value of the list, and the list is nowhere in the answers (section 2)', async () => {
      const { information, client, ...registered } = await server.register({
        ...companions(member),
        [list]: [first, second],
      });

      expect(information).toMatchObject({ [member]: first });
      const found = await server.get({ information, client, ...registered });
      for (const answer of [information, found.content]) expect(answer).not.toHaveProperty([list]);
      expect(JSON.stringify([client, found.client])).not.toContain(list);
    });

    it('is the single value that was sent beside the list (section 2)', async () => {
      const { content } = await register({ ...companions(member), [list]: [first, second], [member]: second });

      expect(content).toMatchObject({ [member]: second });
    });

    it('is refused when it is not in the list (section 2)', async () => {
      const { body, content } = await register({ ...companions(member), [list]: [first], [member]: second });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
      expect(content.error).toBe('invalid_client_metadata');
      expect(content.error_description).toContain(`'${member}'`);
      expect(content.error_description).toContain(`'${list}'`);
    });

    it('is another value of the list where the server does not know the single one (section 4)', async () => {
      const { content } = await register({
        ...companions(member),
        [list]: ['of the future', first],
        [member]: 'of the future',
      });

      expect(content).toMatchObject({ [member]: first });
    });

    it('is refused when the server knows no value of the list (section 4)', async () => {
      const { body, content } = await register({ ...companions(member), [list]: ['of the future'] });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
      expect(content.error).toBe('invalid_client_metadata');
      expect(content.error_description).toContain(`'${list}'`);
      expect(content.error_description).not.toContain('future');
    });

    it.each([['RS256'], [1], [[1]], [{ 0: 'RS256' }], [[['RS256']]]])(
      'is refused by a list that is %j',
      async (value) => {
        const { body, content } = await register({ ...companions(member), [list]: value });

        expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A204306' });
        expect(content.error_description).toContain(`'${list}'`);
      },
    );

    it.each([[null], [''], [[]]])('is what it is without a list when that is %j', async (value) => {
      const { content } = await register({ ...companions(member), [list]: value });
      const { content: without } = await register(companions(member));

      expect(valueOf(content, member)).toEqual(valueOf(without, member));
    });
  });

  it.each<[string, object, object]>([
    [
      'a method that the client has what it takes for',
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
      'one subject type that its redirect URIs allow',
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
      'no encryption for want of keys, whatever the client could decrypt',
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
        id_token_encryption_alg_values_supported: ['ECDH-ES'],
        id_token_encryption_enc_values_supported: ['A256GCM', 'A128GCM'],
      },
      { id_token_encrypted_response_alg: 'ECDH-ES', id_token_encrypted_response_enc: 'A256GCM' },
    ],
  ])('are %s', async (_what, metadata, chosen) => {
    const { body, content } = await register(metadata);

    expect(body).toMatchObject({ action: 'CREATED' });
    for (const [member, value] of Object.entries(chosen)) expect(valueOf(content, member)).toEqual(value);
  });

  it('say what is missing when nothing in a list goes together with the rest', async () => {
    const { body } = await register({ token_endpoint_auth_methods_supported: ['private_key_jwt'] });

    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031234' });
  });

  it('are chosen from what the service supports', async () => {
    await server.configure({ supportedTokenAuthMethods: ['CLIENT_SECRET_JWT', 'PRIVATE_KEY_JWT'] });
    const list = { token_endpoint_auth_methods_supported: ['client_secret_post', 'none', 'client_secret_jwt'] };

    const { content } = await register({ ...list, token_endpoint_auth_method: 'none' });
    expect(content).toMatchObject({ token_endpoint_auth_method: 'client_secret_jwt' });

    const { body } = await register({ token_endpoint_auth_methods_supported: ['client_secret_post', 'none'] });
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
  });

  it('are chosen anew by an update, and stay when its own response is sent back (RFC 7592 section 2.2)', async () => {
    const client = await server.register({ id_token_signing_alg_values_supported: ['PS256', 'ES256'] });

    const again = await server.update(client, { id_token_signed_response_alg: 'PS256' });
    expect(again.content).toMatchObject({ id_token_signed_response_alg: 'PS256' });
    const anew = await server.update(client, { id_token_signing_alg_values_supported: ['ES512'] });
    expect(anew.content).toMatchObject({ id_token_signed_response_alg: 'ES512' });
  });
});
