import { jest } from '@jest/globals';
import type { ClientInformation, ClientMetadata } from '@clientele/model/metadata';
import { ClientStore } from '../src/clients/client-store.ts';
import { Database } from '../src/database/database.ts';
import { DocumentFetcher } from '../src/outbound/document-fetcher.ts';
import { everyMember, FIELD_NAMES, FOUR_MEMBERS, propertyOf, SAMPLES, without } from './support/samples.ts';
import { SERVICE_ID, startServer, type Answer, type Registered, type TestServer } from './support/server.ts';

describe('update (RFC 7592 section 2.2)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  /** Sends an update whose `json` is exactly this. */
  const sendUpdate = ({ clientId, token }: Registered, json: object): Promise<Answer> =>
    server.call('update', { clientId, token, json: JSON.stringify(json) });

  it('returns A213001, UPDATED, the same credentials and a later modifiedAt for the documented example', async () => {
    const registered = await server.register({ client_name: 'My Dynamic Client' });
    const { client_id, client_secret, registration_access_token, registration_client_uri } = registered.information;

    const { status, body, content, client } = await sendUpdate(registered, {
      client_id,
      client_secret,
      registration_client_uri,
      client_name: 'My Updated Dynamic Client',
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      resultCode: 'A213001',
      resultMessage: '[A213001] The client has been updated.',
      action: 'UPDATED',
      responseContent: JSON.stringify(content),
      client,
    });
    expect(content).toEqual({
      ...registered.information,
      client_id,
      client_secret,
      registration_access_token,
      client_name: 'My Updated Dynamic Client',
    });
    expect(client.modifiedAt).toBeGreaterThan(registered.client.modifiedAt);
    expect(client.createdAt).toBe(registered.client.createdAt);
  });

  it('increases modifiedAt even if the clock was set back', async () => {
    const registered = await server.register();
    const tomorrow = Date.now() + 86_400_000;
    await server.app.get(Database).write({
      sql: 'UPDATE client SET modified_at = $2 WHERE client_id = $1',
      values: [registered.clientId, tomorrow],
    });

    const { client } = await server.update(registered, {});

    expect(client.modifiedAt).toBe(tomorrow + 1);
  });

  it('accepts a form body', async () => {
    const { clientId, token, information } = await server.register();

    const json = JSON.stringify({ client_id: information.client_id, client_name: 'From a form' });
    const form = new URLSearchParams({ clientId: String(clientId), token, json }).toString();
    const { content } = await server.call('update', form, { 'content-type': 'application/x-www-form-urlencoded' });

    expect(content.client_name).toBe('From a form');
  });

  describe('replaces everything that was registered before', () => {
    it('an omitted sector_identifier_uri is deleted', async () => {
      const sector_identifier_uri = 'https://client.example.org/sector.json';
      const redirect_uris = ['https://client.example.org/callback'];
      // The server would fetch the document over https from the public internet.
      const documents = jest.spyOn(server.app.get(DocumentFetcher), 'fetchJson').mockResolvedValue(redirect_uris);
      const registered = await server.register({ sector_identifier_uri, redirect_uris });
      expect(registered.information).toMatchObject({ sector_identifier_uri });
      expect(registered.client).toMatchObject({ sectorIdentifierUri: sector_identifier_uri });

      const updated = await server.update(registered, { redirect_uris });
      const found = await server.get(registered);

      expect(documents.mock.calls).toEqual([[sector_identifier_uri, SERVICE_ID]]);
      documents.mockRestore();
      for (const { content, client } of [updated, found]) {
        expect(content).not.toHaveProperty('sector_identifier_uri');
        expect(client).not.toHaveProperty('sectorIdentifierUri');
      }
    });

    it('new members are added to the response content and to the client', async () => {
      const registered = await server.register({});
      const metadata = everyMember();

      const updated = await server.update(registered, metadata);
      const found = await server.get(registered);

      for (const { content, client } of [updated, found]) {
        expect(content).toMatchObject(metadata);
        for (const name of FIELD_NAMES.filter((one) => one in metadata)) {
          const { value, property = value } = SAMPLES[name];
          expect(client).toHaveProperty(propertyOf(name), property);
        }
      }
    });

    it('an omitted language is deleted from the response content and from the client', async () => {
      const name = 'client_name';
      const registered = await server.register({ [name]: 'A', [`${name}#ja`]: 'B', [`${name}#de`]: 'C' });

      const { content, client } = await server.update(registered, { [name]: 'A', [`${name}#fr`]: 'D' });

      expect(Object.keys(content).filter((member) => member.startsWith(name))).toEqual([name, `${name}#fr`]);
      expect(client.clientNames).toEqual([{ tag: 'fr', value: 'D' }]);
    });

    it.each([null, '', []])('%j deletes every member', async (empty) => {
      const registered = await server.register(everyMember());
      const minimal = await server.register({});

      const nothing = Object.fromEntries(Object.keys(everyMember()).map((name) => [name, empty]));
      const { content } = await server.update(registered, nothing);

      expect(without(content, ...OWN_MEMBERS)).toEqual(without(minimal.information, ...OWN_MEMBERS));
    });

    it.each([null, '', []])('%j deletes a value in one language', async (empty) => {
      const registered = await server.register({ client_name: 'Client', 'client_name#ja': 'クライアント' });

      const { content, client } = await server.update(registered, { client_name: 'Client', 'client_name#ja': empty });

      expect(content).not.toHaveProperty(['client_name#ja']);
      expect(client).not.toHaveProperty('clientNames');
    });

    it('an empty update of a client with every member gives the same client as an empty registration', async () => {
      const registered = await server.register(everyMember());
      const minimal = await server.register({});

      const { content, client } = await server.update(registered, {});

      expect(without(content, ...OWN_MEMBERS)).toEqual(without(minimal.information, ...OWN_MEMBERS));
      expect(without(client, ...OWN_PROPERTIES)).toEqual(without(minimal.client, ...OWN_PROPERTIES));
    });

    it('keys by value replace keys by reference, and the reverse', async () => {
      const { jwks, jwks_uri } = { jwks: SAMPLES.jwks.value, jwks_uri: SAMPLES.jwks_uri.value };
      const registered = await server.register({ jwks_uri });

      const byValue = await server.update(registered, { jwks });
      const byReference = await server.update(registered, { jwks_uri });

      expect([byValue.content.jwks, byValue.content.jwks_uri]).toEqual([jwks, undefined]);
      expect([byReference.content.jwks, byReference.content.jwks_uri]).toEqual([undefined, jwks_uri]);
    });

    it('values that the server issued do not change', async () => {
      const registered = await server.register();
      const { content, client } = await server.update(registered, everyMember());

      for (const member of OWN_MEMBERS) expect(content[member]).toEqual(registered.information[member]);
      for (const property of ['clientId', 'clientSecret', 'createdAt', 'dynamicallyRegistered', 'serviceNumber']) {
        expect(client[property]).toEqual(registered.client[property]);
      }
    });
  });

  describe('accepts a previous response, and writes nothing', () => {
    it.each<[string, ClientMetadata]>([
      ['nothing', {}],
      ['everything', everyMember()],
      ['keys by value', { jwks: SAMPLES.jwks.value }],
      ['no response type', { grant_types: ['client_credentials'] }],
      ['no secret', { token_endpoint_auth_method: 'none' }],
    ])('of a client that registered %s, complete or without the four members (section 3)', async (_what, metadata) => {
      const registered = await server.register(metadata);
      await server.get(registered);
      const before = await server.stored(registered.clientId);

      const complete = await sendUpdate(registered, registered.information);
      const withoutFour = await sendUpdate(registered, without(complete.content, ...FOUR_MEMBERS));

      for (const { body, content, client } of [complete, withoutFour]) {
        expect(body.action).toBe('UPDATED');
        expect(content).toEqual(registered.information);
        expect(client).toEqual(registered.client);
      }
      expect(await server.stored(registered.clientId)).toEqual(before);
    });
  });

  describe('the client secret', () => {
    it('does not change between methods that use it', async () => {
      const registered = await server.register({ token_endpoint_auth_method: 'client_secret_basic' });

      for (const token_endpoint_auth_method of ['client_secret_post', 'client_secret_jwt']) {
        const { content, client } = await server.update(registered, { token_endpoint_auth_method });
        expect(content.client_secret).toBe(registered.information.client_secret);
        expect(client.clientSecret).toBe(registered.information.client_secret);
      }
    });

    it.each(['none', 'private_key_jwt'])('is deleted after a change to %s', async (method) => {
      const registered = await server.register();

      const updated = await server.update(registered, { token_endpoint_auth_method: method, jwks: SAMPLES.jwks.value });
      const found = await server.get(registered);

      for (const { content, client } of [updated, found]) {
        expect(content).not.toHaveProperty('client_secret');
        expect(content).not.toHaveProperty('client_secret_expires_at');
        expect(client).not.toHaveProperty('clientSecret');
        expect(client.clientType).toBe(method === 'none' ? 'PUBLIC' : 'CONFIDENTIAL');
      }
      expect((await server.stored(registered.clientId))?.secrets).toBeNull();
    });

    it('can be sent in the update that deletes it', async () => {
      const registered = await server.register();
      const { client_secret } = registered.information;

      const { content } = await server.update(registered, { client_secret, token_endpoint_auth_method: 'none' });

      expect(content).not.toHaveProperty('client_secret');
    });

    it('is a new secret after a change back from none', async () => {
      const registered = await server.register();
      await server.update(registered, { token_endpoint_auth_method: 'none' });

      const { content } = await server.update(registered, {});

      expect(content.client_secret).toMatch(/^[\w-]{86}$/);
      expect(content.client_secret).not.toBe(registered.information.client_secret);
      expect(content.client_secret_expires_at).toBe(0);
      expect((await server.get(registered)).content.client_secret).toBe(content.client_secret);
    });

    it('is the same after concurrent updates that need a new one', async () => {
      const registered = await server.register({ token_endpoint_auth_method: 'none' });

      const responses = await Promise.all(Array.from({ length: 10 }, () => server.update(registered, {})));

      const { content } = await server.get(registered);
      expect(new Set(responses.map((response) => response.content.client_secret))).toEqual(
        new Set([content.client_secret]),
      );
    });
  });

  describe('refuses values that differ from the issued values, names the member, and changes nothing', () => {
    const wrong: [string, string, string, (issued: ClientInformation) => unknown][] = [
      ['A214301', 'client_id', 'missing', () => undefined],
      ['A214301', 'client_id', 'null', () => null],
      ['A214301', 'client_id', 'empty', () => ''],
      ['A214302', 'client_id', 'of another client', () => '1'],
      ['A214302', 'client_id', 'a number', ({ client_id }) => Number(client_id)],
      ['A214302', 'client_id', 'after a space', ({ client_id }) => ` ${client_id}`],
      ['A214302', 'client_id', 'in a list', ({ client_id }) => [client_id]],
      ['A214302', 'client_id', 'false', () => false],
      ['A215304', 'client_secret', 'a different value', () => 'another-secret'],
      ['A215304', 'client_secret', 'before a space', ({ client_secret = '' }) => `${client_secret} `],
      ['A215304', 'client_secret', 'in a list', ({ client_secret }) => [client_secret]],
      ['A215304', 'client_secret', 'a number', () => 0],
      ['A215304', 'client_secret', 'an object', () => ({})],
      ['A214303', 'registration_access_token', 'a different value', () => 'x'],
      ['A214303', 'registration_access_token', 'true', () => true],
      ['A214303', 'registration_client_uri', 'a different value', () => 'https://client.example.org/'],
      ['A214303', 'registration_client_uri', 'before a slash', ({ registration_client_uri: uri }) => `${uri}/`],
      ['A214303', 'client_secret_expires_at', 'a different value', () => 1],
      ['A214303', 'client_secret_expires_at', 'a string', () => '0'],
      ['A214303', 'client_id_issued_at', 'a different value', ({ client_id_issued_at: time }) => time - 1],
      ['A214303', 'client_id_issued_at', 'a string', ({ client_id_issued_at: time }) => String(time)],
    ];

    it.each(wrong)('returns %s if %s is %s', async (resultCode, member, _how, valueOf) => {
      const registered = await server.register();
      const { information } = registered;
      const before = await server.storedClients();

      const { status, body, content } = await sendUpdate(registered, {
        client_id: information.client_id,
        [member]: valueOf(information),
      });

      expect(status).toBe(200);
      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode });
      expect(content.error).toBe('invalid_client_metadata');
      expect(content.error_description).toContain(member);
      expect(content).not.toHaveProperty('client_id');
      expect(JSON.stringify(body)).not.toContain(information.client_secret);
      expect(JSON.stringify(body)).not.toContain(registered.token);
      expect(await server.storedClients()).toEqual(before);
    });

    it("refuses another client's secret", async () => {
      const registered = await server.register();
      const other = await server.register();

      const { body } = await sendUpdate(registered, {
        client_id: registered.information.client_id,
        client_secret: other.information.client_secret,
      });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A215304' });
    });

    it.each([
      ['A215304', { client_secret: 'a-secret' }],
      ['A214303', { client_secret_expires_at: 0 }],
    ])('returns %s for %j from a public client, which has no secret', async (resultCode, members) => {
      const registered = await server.register({ token_endpoint_auth_method: 'none' });

      const { body } = await sendUpdate(registered, { client_id: registered.information.client_id, ...members });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode });
    });

    it.each([...FOUR_MEMBERS, 'client_secret'])('treats %s as omitted if it is null or empty', async (member) => {
      const registered = await server.register();

      for (const empty of [null, '']) {
        const { content } = await server.update(registered, { [member]: empty });
        expect(content).toEqual(without(registered.information, 'client_name'));
      }
    });
  });

  it('refuses the same metadata as a registration, and changes nothing (section 2.2, RFC 7591 section 3.2.2)', async () => {
    const registered = await server.register(everyMember());
    const before = await server.storedClients();

    for (const metadata of [
      { redirect_uris: ['https://client.example.org/#fragment'] },
      { grant_types: ['implicit'], response_types: ['code'], redirect_uris: ['https://client.example.org/'] },
      { jwks: SAMPLES.jwks.value, jwks_uri: SAMPLES.jwks_uri.value },
      { client_name: 1 },
    ]) {
      const refusedUpdate = await sendUpdate(registered, { client_id: registered.information.client_id, ...metadata });
      const refusedRegistration = await server.call('register', { json: JSON.stringify(metadata) });
      expect(refusedUpdate.body.action).toBe('BAD_REQUEST');
      expect(refusedUpdate.body).toEqual(refusedRegistration.body);
    }
    expect(await server.storedClients()).toEqual(before);
  });

  describe('concurrency', () => {
    it('two updates both succeed and increase the version, and one of them is stored', async () => {
      const registered = await server.register();
      const one = { client_name: 'One', software_id: 'one' };
      const other = { client_name: 'Other', software_version: 'other' };

      const responses = await Promise.all([server.update(registered, one), server.update(registered, other)]);

      const { content } = await server.get(registered);
      expect(responses.map((response) => response.content)).toContainEqual(content);
      expect(content).toMatchObject(content.client_name === 'One' ? one : other);
      expect(content).not.toHaveProperty(content.client_name === 'One' ? 'software_version' : 'software_id');
      expect((await server.stored(registered.clientId))?.version).toBe(3);
    });

    it('40 updates of one client all succeed, each with a different modifiedAt', async () => {
      const registered = await server.register();

      const replace = jest.spyOn(server.app.get(ClientStore), 'replace');
      const responses = await Promise.all(
        Array.from({ length: 40 }, (_, i) => server.update(registered, { client_name: `Update ${i}` })),
      );

      expect(new Set(responses.map(({ client }) => client.modifiedAt)).size).toBe(40);
      expect(replace).toHaveBeenCalledTimes(40);
      replace.mockRestore();
      expect((await server.stored(registered.clientId))?.version).toBe(41);
      const newest = responses.reduce((a, b) => (a.client.modifiedAt > b.client.modifiedAt ? a : b));
      expect((await server.get(registered)).content).toEqual(newest.content);
    });

    it('an update succeeds before a delete or is refused after it, and never restores the client', async () => {
      for (let round = 0; round < 20; round++) {
        const { clientId, token, information } = await server.register();
        const json = JSON.stringify({ client_id: information.client_id, client_name: 'Late' });

        const [updated, deleted] = await Promise.all([
          server.call('update', { clientId, token, json }),
          server.call('delete', { clientId, token }),
        ]);

        expect(deleted.body.action).toBe('DELETED');
        expect(['UPDATED', 'UNAUTHORIZED']).toContain(updated.body.action);
        expect(await server.stored(clientId)).toBeUndefined();
      }
    });
  });
});

/** The members that differ for every client. */
const OWN_MEMBERS = [
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'registration_access_token',
  'registration_client_uri',
] as const;
const OWN_PROPERTIES = ['clientId', 'clientSecret', 'createdAt', 'modifiedAt'] as const;
