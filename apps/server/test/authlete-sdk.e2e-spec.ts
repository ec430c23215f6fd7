import { Authlete } from '@authlete/typescript-sdk';
import { ResultError } from '@authlete/typescript-sdk/models/errors';
import type { ClientInformation, ErrorResponse } from '@clientele/model/metadata';
import { everyMember } from './support/samples.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** The published client of the API that this server is compatible with: it refuses every answer that it did not expect. */
describe("Authlete's TypeScript SDK", () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const serviceId = String(SERVICE_ID);
  const registrationOf = (bearer: string) =>
    new Authlete({ serverURL: server.baseUrl, bearer }).dynamicClientRegistration;

  it.each([
    ['the documented example', { client_name: 'My Dynamic Client' }],
    ['everything', everyMember()],
    ['no secret', { token_endpoint_auth_method: 'none' }],
    ['no response type', { grant_types: ['client_credentials'] }],
  ])('registers, gets, updates and deletes a client of %s', async (_what, metadata) => {
    const registration = registrationOf(ACCESS_TOKEN);

    const created = await registration.register({ serviceId, requestBody: { json: JSON.stringify(metadata) } });
    const information = JSON.parse(created.responseContent ?? '') as ClientInformation;
    const { client_id: clientId, registration_access_token: token } = information;
    const found = await registration.get({ serviceId, requestBody: { clientId, token } });
    const json = JSON.stringify({ ...information, client_name: 'My Updated Dynamic Client' });
    const updated = await registration.update({ serviceId, requestBody: { clientId, token, json } });
    const deleted = await registration.delete({ serviceId, requestBody: { clientId, token } });

    expect([created, found, updated, deleted].map(({ action, resultCode }) => [action, resultCode])).toEqual([
      ['CREATED', 'A202001'],
      ['OK', 'A217001'],
      ['UPDATED', 'A213001'],
      ['DELETED', 'A216001'],
    ]);
    expect(created.client?.clientId).toBe(Number(clientId));
    expect(found.client).toEqual(created.client);
    expect(updated.client?.clientName).toBe('My Updated Dynamic Client');
    expect(deleted.client).toBeUndefined();
  });

  it.each([
    ['BAD_REQUEST', 'invalid_client_metadata', '{"client_name":1}'],
    ['BAD_REQUEST', 'invalid_redirect_uri', '{"redirect_uris":["x"]}'],
  ])('reads the answer %s with the error %s', async (action, error, json) => {
    const response = await registrationOf(ACCESS_TOKEN).register({ serviceId, requestBody: { json } });

    expect(response.action).toBe(action);
    expect((JSON.parse(response.responseContent ?? '') as ErrorResponse).error).toBe(error);
  });

  it('reads the answer UNAUTHORIZED', async () => {
    const response = await registrationOf(ACCESS_TOKEN).get({ serviceId, requestBody: { clientId: '1', token: 'x' } });

    expect(response).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A215307' });
  });

  it.each([
    ['a wrong API access token', 401, 'A172101', 'wrong', serviceId, '1'],
    ['a client ID that is none', 400, 'A215301', ACCESS_TOKEN, serviceId, 'x'],
  ])('throws its ResultError for %s', async (_what, statusCode, resultCode, bearer, service, clientId) => {
    const answer = registrationOf(bearer).get({ serviceId: service, requestBody: { clientId, token: 'x' } });

    await expect(answer).rejects.toBeInstanceOf(ResultError);
    await expect(answer).rejects.toMatchObject({ statusCode, resultCode });
  });
});
