import { startServer, type Operation, type TestServer } from './support/server.ts';

describe('delete (RFC 7592 section 2.3)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it('returns HTTP 200 with only A216001 and DELETED', async () => {
    const { clientId, token } = await server.register();

    const { status, body } = await server.call('delete', { clientId, token });

    expect(status).toBe(200);
    expect(body).toEqual({
      resultCode: 'A216001',
      resultMessage: '[A216001] The client has been deleted.',
      action: 'DELETED',
    });
  });

  it('deletes the client, and changes no other client', async () => {
    const { clientId, token } = await server.register();
    const before = await server.storedClients();
    const deleted = await server.register();

    await server.call('delete', { clientId: deleted.clientId, token: deleted.token });

    expect(await server.storedClients()).toEqual(before);
    expect((await server.call('get', { clientId, token })).body.action).toBe('OK');
  });

  it.each<Operation>(['get', 'update', 'delete'])(
    'invalidates the registration access token for %s at once (section 5)',
    async (operation) => {
      const { clientId, token } = await server.register();
      await server.call('delete', { clientId, token });

      const { status, body, content } = await server.call(operation, {
        clientId,
        token,
        json: JSON.stringify({ client_id: String(clientId) }),
      });

      expect(status).toBe(200);
      expect(body).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A215307' });
      expect(content.error).toBe('invalid_token');
      expect(content).not.toHaveProperty('client_id');
    },
  );

  it('succeeds for exactly one of many concurrent requests', async () => {
    const { clientId, token } = await server.register();

    const responses = await Promise.all(Array.from({ length: 20 }, () => server.call('delete', { clientId, token })));

    const actions = responses.map(({ body }) => body.action).sort();
    expect(actions).toEqual(['DELETED', ...Array.from({ length: 19 }, () => 'UNAUTHORIZED')]);
  });

  it.each(['{}', '', 'no json', 1, null])('ignores json %j, which generated clients send', async (json) => {
    const { clientId, token } = await server.register();

    const { body } = await server.call('delete', { clientId: String(clientId), token, json });

    expect(body.action).toBe('DELETED');
  });

  it('accepts a form body', async () => {
    const { clientId, token } = await server.register();

    const form = new URLSearchParams({ clientId: String(clientId), token }).toString();
    const { body } = await server.call('delete', form, { 'content-type': 'application/x-www-form-urlencoded' });

    expect(body.action).toBe('DELETED');
  });
});
