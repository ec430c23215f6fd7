import { startServer, type TestServer } from './support/server.ts';

describe('update (RFC 7592 section 2.2)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it('answers the documented example with A213001, UPDATED, the same credentials and a later modifiedAt', async () => {
    const { body: created, content: information } = await server.call('register', {
      json: '{"client_name":"My Dynamic Client"}',
    });
    const { client_id, client_secret, registration_access_token, registration_client_uri } = information;

    const { status, body, content } = await server.call('update', {
      clientId: client_id,
      token: registration_access_token,
      json: JSON.stringify({
        client_id,
        client_secret,
        registration_client_uri,
        client_name: 'My Updated Dynamic Client',
      }),
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      resultCode: 'A213001',
      resultMessage: '[A213001] The client has been updated.',
      action: 'UPDATED',
    });
    expect(content).toMatchObject({
      client_id,
      client_secret,
      registration_access_token,
      client_name: 'My Updated Dynamic Client',
    });
    if (created.action !== 'CREATED' || body.action !== 'UPDATED') throw new Error('No client in the answer.');
    expect(body.client.modifiedAt).toBeGreaterThan(created.client.modifiedAt);
    expect(body.client.createdAt).toBe(created.client.createdAt);
  });
});
