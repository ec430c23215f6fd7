import { Database } from '../src/database/database.ts';
import { everyMember } from './support/samples.ts';
import { startServer, type Answer, type Operation, type Registered, type TestServer } from './support/server.ts';

describe('a server with an unavailable store', () => {
  let server: TestServer;
  let registered: Registered;

  beforeAll(async () => {
    server = await startServer();
    registered = await server.register();
  });

  afterAll(() => server.close());

  const pragma = async (text: string): Promise<void> => {
    await server.app.get(Database).read({ sql: `PRAGMA ${text}`, values: [] });
  };

  const expectUnavailable = ({ status, headers, body, content }: Answer): void => {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      resultCode: 'A001102',
      resultMessage: '[A001102] The store is temporarily unavailable. Nothing was changed; repeat the call later.',
      action: 'INTERNAL_SERVER_ERROR',
      responseContent: JSON.stringify(content),
    });
    expect(content.error).toBe('server_error');
  };

  const call = (operation: Operation): Promise<Answer> => {
    const { clientId, token } = registered;
    const json = JSON.stringify({ ...everyMember(), client_id: String(clientId) });
    return server.call(operation, { clientId, token, json });
  };

  describe.each([
    ['read-only', 'query_only = ON', 'query_only = OFF'],
    ['full', 'max_page_count = 1', 'max_page_count = 1000000'],
  ])('that is %s', (_why, fail, recover) => {
    beforeAll(() => pragma(fail));
    afterAll(() => pragma(recover));

    it('returns 503, Retry-After and server_error for a registration, and stores nothing', async () => {
      const before = await server.storedClients();
      const json = JSON.stringify({ client_name: 'x'.repeat(2000), contacts: Array(25).fill('x'.repeat(2000)) });

      expectUnavailable(await server.call('register', { json }));
      expect(await server.storedClients()).toEqual(before);
    });

    it('still responds to a get and refuses a wrong token', async () => {
      expect((await call('get')).content).toEqual(registered.information);
      const { clientId } = registered;
      const wrong = await server.call('get', { clientId, token: 'wrong' });
      expect(wrong.body.action).toBe('UNAUTHORIZED');
    });
  });

  it.each<Operation>(['update', 'delete'])(
    'returns the same response for %s, and succeeds when the store is available again',
    async (operation) => {
      registered = await server.register();
      const before = await server.storedClients();
      await pragma('query_only = ON');
      const failed = await call(operation);
      await pragma('query_only = OFF');

      expectUnavailable(failed);
      expect(await server.storedClients()).toEqual(before);
      expect((await call(operation)).body.action).toBe(operation === 'update' ? 'UPDATED' : 'DELETED');
    },
  );
});
