import { everythingService } from './support/everything-service.ts';
import { hashToken } from '../src/crypto/token.ts';
import { everyMember } from './support/samples.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('get (RFC 7592 section 2.1)', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it('returns HTTP 200 with A217001, OK, and the response content of the registration', async () => {
    const { clientId, token, information, client } = await server.register(everyMember());

    const response = await server.call('get', { clientId, token });

    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      resultCode: 'A217001',
      resultMessage: '[A217001] The client information has been returned.',
      action: 'OK',
      responseContent: JSON.stringify(response.content),
      client,
    });
    expect(response.content).toEqual(information);
  });

  it('returns the response content of the last update', async () => {
    const registered = await server.register();
    const updated = await server.update(registered, everyMember());

    const { content, client } = await server.get(registered);

    expect(content).toEqual(updated.content);
    expect(client).toEqual(updated.client);
  });

  it('changes nothing but the time of its use, and issues no new token or secret', async () => {
    const registered = await server.register();
    await server.get(registered);
    const before = await server.stored(registered.clientId);

    const responses = await Promise.all(Array.from({ length: 20 }, () => server.get(registered)));

    for (const { content } of responses) expect(content).toEqual(registered.information);
    expect(await server.stored(registered.clientId)).toEqual(before);
  });

  it.each([
    ['a number', (id: number) => JSON.stringify(id)],
    ['a decimal string', (id: number) => JSON.stringify(String(id))],
    ['a number with a zero fraction', (id: number) => `${id}.0`],
  ])('accepts clientId as %s', async (_what, format) => {
    const { clientId, token, information } = await server.register();

    const { content } = await server.call('get', `{"clientId":${format(clientId)},"token":"${token}"}`);

    expect(content).toEqual(information);
  });

  it.each(['{}', '', 'no json', 1, null, ['x']])('ignores json %j, which generated clients send', async (json) => {
    const { clientId, token, information } = await server.register();

    const { content } = await server.call('get', { clientId, token, json });

    expect(content).toEqual(information);
  });

  it('accepts a form body', async () => {
    const { clientId, token, information } = await server.register();

    const form = new URLSearchParams({ clientId: String(clientId), token }).toString();
    const { content } = await server.call('get', form, { 'content-type': 'application/x-www-form-urlencoded' });

    expect(content).toEqual(information);
  });

  it('does not find a client of another service', async () => {
    const other = SERVICE_ID + 1;
    await server.addService(everythingService(other, 2, Date.now()), {
      tokenHash: hashToken('the-other-service'),
      serviceId: other,
      accessRights: ['USE_SERVICE'],
    });
    const { clientId, token } = await server.register();

    const { status, text } = await server.send({
      path: pathOf('get', other),
      headers: { ...HEADERS, authorization: 'Bearer the-other-service' },
      body: JSON.stringify({ clientId, token }),
    });

    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A215307' });
  });
});
