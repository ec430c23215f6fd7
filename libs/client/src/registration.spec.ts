import {
  ACCESS_TOKEN,
  CLIENT,
  createClientele,
  envelope,
  ERROR,
  fakeFetch,
  INFORMATION,
  respond,
} from '../test/support.ts';
import { clientBody, registerBody, updateBody } from './registration.ts';

describe('request bodies', () => {
  it('register: the metadata as JSON text, and the initial access token if there is one', () => {
    const metadata = { client_name: 'x', redirect_uris: ['https://app.example/cb'] };
    expect(registerBody({ metadata })).toEqual({ json: JSON.stringify(metadata) });
    expect(registerBody({ metadata, token: 'i' })).toEqual({ json: JSON.stringify(metadata), token: 'i' });
  });

  it('register: JSON text is sent unchanged', () => {
    expect(registerBody({ json: ' not even JSON' })).toEqual({ json: ' not even JSON' });
  });

  it('get and delete: the client and its registration access token', () => {
    expect(clientBody({ clientId: 904520, token: 't' })).toEqual({ clientId: 904520, token: 't' });
    expect(clientBody({ clientId: '904520', token: '' })).toEqual({ clientId: '904520', token: '' });
  });

  it.each([904520, '904520'])('update: client_id is added to metadata without it (clientId %p)', (clientId) => {
    const body = updateBody({ clientId, token: 't', metadata: { client_name: 'x' } });
    expect(body).toEqual({ clientId, token: 't', json: '{"client_name":"x","client_id":"904520"}' });
    expect(updateBody({ clientId, token: 't', metadata: { client_id: undefined } as object })).toEqual({
      clientId,
      token: 't',
      json: '{"client_id":"904520"}',
    });
  });

  it('update: the content of an earlier result is sent with its changes, client_id and client_secret', () => {
    const metadata = { ...INFORMATION, client_name: 'New name' };
    expect(updateBody({ clientId: 1, token: 't', metadata })).toEqual({
      clientId: 1,
      token: 't',
      json: JSON.stringify(metadata),
    });
  });

  it('update: JSON text is sent unchanged, and no client_id is added', () => {
    expect(updateBody({ clientId: 1, token: 't', json: '{}' })).toEqual({ clientId: 1, token: 't', json: '{}' });
  });
});

describe('the four operations', () => {
  const reference = { clientId: 904520, token: 't' };

  it('send JSON in POST requests with the API access token', async () => {
    const { fetch, sent } = fakeFetch(
      respond(200, envelope('CREATED')),
      respond(200, envelope('OK')),
      respond(200, envelope('UPDATED')),
      respond(200, envelope('DELETED')),
    );
    const { registration } = createClientele(fetch);
    await registration.register({ json: '{}', token: 'i' });
    await registration.get(reference);
    await registration.update({ ...reference, json: '{}' });
    await registration.delete(reference);

    const base = 'https://api.example/api/715948317/client/registration';
    expect(sent.map(({ url, body }) => [url, body])).toEqual([
      [base, { json: '{}', token: 'i' }],
      [`${base}/get`, reference],
      [`${base}/update`, { ...reference, json: '{}' }],
      [`${base}/delete`, reference],
    ]);
    for (const { init, headers } of sent) {
      expect(init.method).toBe('POST');
      expect(Object.fromEntries(headers)).toEqual({
        authorization: `Bearer ${ACCESS_TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json',
      });
    }
  });

  it('return the registered client on success', async () => {
    const { fetch } = fakeFetch(
      respond(200, envelope('CREATED')),
      respond(200, envelope('OK')),
      respond(200, envelope('UPDATED')),
      respond(200, envelope('DELETED')),
    );
    const { registration } = createClientele(fetch);
    const found = { content: INFORMATION, client: CLIENT, responseContent: JSON.stringify(INFORMATION) };
    expect(await registration.register({ json: '{}' })).toMatchObject({ action: 'CREATED', ...found });
    expect(await registration.get(reference)).toMatchObject({ action: 'OK', ...found });
    expect(await registration.update({ ...reference, json: '{}' })).toMatchObject({ action: 'UPDATED', ...found });
    expect(await registration.delete(reference)).toEqual(envelope('DELETED'));
  });

  it('return a result if the request of the client application is refused', async () => {
    const actions = ['BAD_REQUEST', 'UNAUTHORIZED', 'INTERNAL_SERVER_ERROR', 'BAD_REQUEST'];
    const { fetch } = fakeFetch(...actions.map((action) => respond(200, envelope(action))));
    const { registration } = createClientele(fetch);
    const results = [
      await registration.register({ json: '{}' }),
      await registration.get(reference),
      await registration.update({ ...reference, json: '{}' }),
      await registration.delete(reference),
    ];
    expect(results).toEqual(actions.map((action) => ({ ...envelope(action), content: ERROR })));
  });
});
