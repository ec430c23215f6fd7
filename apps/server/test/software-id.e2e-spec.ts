import { startServer, type Answer, type TestServer } from './support/server.ts';

const SOFTWARE_ID = 'a-software-id';

describe('a service that accepts each software_id only once (RFC 7591 section 5, dcrDuplicateSoftwareIdBlocked)', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startServer();
    await server.configure({ dcrDuplicateSoftwareIdBlocked: true });
  });

  afterEach(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  const expectRefused = ({ status, body, content }: Answer): void => {
    expect(status).toBe(200);
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A203308' });
    expect(content.error).toBe('invalid_client_metadata');
    expect(content.error_description).toContain('software_id');
    expect(content.error_description).not.toContain(SOFTWARE_ID);
  };

  it('refuses a second client with the same software_id, and stores nothing', async () => {
    await server.register({ software_id: SOFTWARE_ID });

    expectRefused(await register({ software_id: SOFTWARE_ID, client_name: 'Another' }));

    expect(await server.storedClients()).toHaveLength(1);
  });

  it('accepts different values, and any number of clients without software_id', async () => {
    await server.register({ software_id: SOFTWARE_ID });

    await server.register({ software_id: SOFTWARE_ID.toUpperCase() });
    await server.register({ software_id: '\u{1F98A}'.repeat(900) });
    await server.register({});
    await server.register({});

    expect(await server.storedClients()).toHaveLength(5);
  });

  it('accepts a software_id again after its client is deleted or changes it', async () => {
    const first = await server.register({ software_id: SOFTWARE_ID });
    await server.call('delete', first);
    const second = await server.register({ software_id: SOFTWARE_ID });
    await server.update(second, { software_id: 'another' });

    await server.register({ software_id: SOFTWARE_ID });

    expectRefused(await register({ software_id: 'another' }));
  });

  it('accepts an update with the same software_id, and refuses an update with that of another client', async () => {
    const client = await server.register({ software_id: SOFTWARE_ID, client_name: 'Before' });
    await server.register({ software_id: 'another' });
    await server.update(client, { software_id: SOFTWARE_ID, client_name: 'After' });

    const { clientId, token } = client;
    const json = JSON.stringify({ client_id: String(clientId), software_id: 'another' });
    expectRefused(await server.call('update', { clientId, token, json }));

    expect((await server.get(client)).content).toMatchObject({ software_id: SOFTWARE_ID, client_name: 'After' });
  });

  it('compares with clients that were registered before the setting, which can still be updated', async () => {
    await server.configure({ dcrDuplicateSoftwareIdBlocked: false });
    const duplicates = [
      await server.register({ software_id: SOFTWARE_ID }),
      await server.register({ software_id: SOFTWARE_ID }),
    ];
    await server.configure({ dcrDuplicateSoftwareIdBlocked: true });

    expectRefused(await register({ software_id: SOFTWARE_ID }));

    for (const duplicate of duplicates)
      await server.update(duplicate, { software_id: SOFTWARE_ID, client_name: 'Updated' });
  });

  it('accepts only one of many concurrent registrations', async () => {
    for (let round = 0; round < 5; round++) {
      const metadata = { software_id: `${SOFTWARE_ID}-${round}` };

      const responses = await Promise.all(Array.from({ length: 40 }, () => register(metadata)));

      const created = responses.filter(({ body }) => body.action === 'CREATED');
      expect(created).toHaveLength(1);
      for (const response of responses) if (response.body.action !== 'CREATED') expectRefused(response);
    }
  });

  it('accepts only one of a concurrent registration and update', async () => {
    for (let round = 0; round < 10; round++) {
      const software_id = `${SOFTWARE_ID}-${round}`;
      const { clientId, token } = await server.register({});
      const json = JSON.stringify({ client_id: String(clientId), software_id });

      const responses = await Promise.all([
        register({ software_id }),
        server.call('update', { clientId, token, json }),
      ]);

      expect(responses.map(({ body }) => body.resultCode).filter((code) => code === 'A203308')).toHaveLength(1);
    }
  });
});
