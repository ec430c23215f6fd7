import { startServer, type Operation, type TestServer } from './support/server.ts';

describe('delete (RFC 7592 section 2.3)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it('is HTTP 200 with A216001 and DELETED, and nothing else', async () => {
    const { clientId, token } = await server.register();

    const { status, body } = await server.call('delete', { clientId, token });

    expect(status).toBe(200);
    expect(body).toEqual({
      resultCode: 'A216001',
      resultMessage: '[A216001] The client has been deleted.',
      action: 'DELETED',
    });
  });

  it('leaves nothing of the client, and every other client as it was', async () => {
    const { clientId, token } = await server.register();
    const before = await server.storedClients();
    const doomed = await server.register();

    await server.call('delete', { clientId: doomed.clientId, token: doomed.token });

    expect(await server.storedClients()).toEqual(before);
    expect((await server.call('get', { clientId, token })).body.action).toBe('OK');
  });

  it.each<Operation>(['get', 'update', 'delete'])(
    'makes the registration access token worthless for %s at once (section 5)',
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

  it('succeeds once, however many ask at the same time', async () => {
    const { clientId, token } = await server.register();

    const answers = await Promise.all(Array.from({ length: 20 }, () => server.call('delete', { clientId, token })));

    const actions = answers.map(({ body }) => body.action).sort();
    expect(actions).toEqual(['DELETED', ...Array.from({ length: 19 }, () => 'UNAUTHORIZED')]);
  });

  it.each(['{}', '', 'no json', 1, null])('ignores json, here %j, that generated clients send along', async (json) => {
    const { clientId, token } = await server.register();

    const { body } = await server.call('delete', { clientId: String(clientId), token, json });

    expect(body.action).toBe('DELETED');
  });

  it('takes a form body', async () => {
    const { clientId, token } = await server.register();

    const form = new URLSearchParams({ clientId: String(clientId), token }).toString();
    const { body } = await server.call('delete', form, { 'content-type': 'application/x-www-form-urlencoded' });

    expect(body.action).toBe('DELETED');
  });
});
