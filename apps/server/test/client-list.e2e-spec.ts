import { setImmediate } from 'node:timers/promises';
import type { Client, ClientPage } from '@clientele/model/metadata';
import { ClientPages } from '../src/clients/client-pages.ts';
import { PER_SERVICE } from '../src/clients/client-search.ts';
import { Sealer } from '../src/changes/sealer.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import { inBatches } from './support/clients.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** The clients of all tests: each has values of its own, and values that others have too. */
const CLIENTS = Array.from({ length: 60 }, (_client, i) => ({
  clientName: ['Reporting', 'reports', 'Ärger', 'ΣΟΦΟΣΑ'][i % 4]!,
  ...(i % 8 === 0 && { clientNames: [{ tag: 'ja', value: 'Report 報告' }] }),
  redirectUris: [`https://app-${i % 5}.example.org/cb`, `https://app-${i % 5}.example.org/cb/${i}`],
  ...(i % 3 === 0 && { softwareId: `software-${i % 2}` }),
  ...(i % 4 === 1 && { developer: `team-${i % 3}` }),
  ...(i % 6 === 0 && { attributes: [{ key: 'tier', value: i % 12 === 0 ? 'a=b' : 'gold' }] }),
  tokenAuthMethod: ['CLIENT_SECRET_BASIC', 'NONE', 'CLIENT_SECRET_POST'][i % 3]!,
  grantTypes: i % 2 === 0 ? ['AUTHORIZATION_CODE'] : ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
}));

let server: TestServer;
/** All clients as the list without filters shows them, in the order of their numbers. */
let all: Client[];

beforeAll(async () => {
  server = await startServer();
  await inBatches(CLIENTS, (client, i) => put(`client-${i}`, client));
  for (const i of [3, 33]) await lock(`client-${i}`);
  await server.register({ client_name: 'Dynamic', redirect_uris: ['https://dynamic.example.org/cb'] });
  all = await listAll({});
}, 60_000);

afterAll(() => server.close());

const request = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${path}`, {
    method,
    headers: HEADERS,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};
const put = (identifier: string, client: object) => request('PUT', identifier, client);
const lock = (identifier: string) => request('POST', `lock_flag/update/${identifier}`, { clientLocked: true });

type Query = Readonly<Record<string, string | number | boolean>>;

const listText = (query: Query) => {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return request('GET', `get/list?${parameters.join('&')}`);
};
const list = async (query: Query) => {
  const { status, text } = await listText(query);
  return { status, body: JSON.parse(text) as ClientPage & { resultCode?: string; resultMessage?: string } };
};

/** All pages of a list. */
async function listAll(query: Query): Promise<Client[]> {
  const clients: Client[] = [];
  let after: string | undefined;
  do {
    const { status, body } = await list({ limit: 7, ...query, ...(after !== undefined && { after }) });
    expect(status).toBe(200);
    clients.push(...body.clients);
    after = body.next;
  } while (after !== undefined);
  return clients;
}

const idsOf = (clients: readonly Client[]) => clients.map(({ clientId }) => clientId);

describe('client/get/list', () => {
  it('lists every client once, in the order of the numbers, without secrets', async () => {
    expect(all).toHaveLength(CLIENTS.length + 1);
    expect(idsOf(all)).toEqual(idsOf(all).sort((one, other) => one - other));
    expect(new Set(idsOf(all)).size).toBe(all.length);
    for (const client of all) {
      expect(client.clientSecret).toBeUndefined();
      const { text } = await request('GET', `get/${client.clientId}`);
      const { clientSecret: _clientSecret, ...shown } = JSON.parse(text) as Client;
      expect(client).toEqual(shown);
    }
  });

  it.each([1, 2, 60, 61, 62, 1000])('lists the same clients in pages of %d', async (limit) => {
    expect(idsOf(await listAll({ limit }))).toEqual(idsOf(all));
  });

  it('has no next page at the end, and the number of all clients', async () => {
    const { body } = await list({ limit: 61 });

    expect(body).not.toHaveProperty('next');
    expect(body.totalCount).toBe(61);
    expect((await list({ limit: 60 })).body.next).toBe(String(all[59]?.clientId));
  });

  it.each<[Query, number, number]>([
    [{}, 0, 5],
    [{ start: 3 }, 3, 8],
    [{ start: 0, end: 61 }, 0, 61],
    [{ start: 59, end: 70 }, 59, 61],
    [{ start: 61, end: 70 }, 61, 61],
    [{ start: 1_000, end: 1_010 }, 1_000, 1_000],
    [{ start: 5, end: 5 }, 5, 5],
    [{ start: 5, end: 2 }, 5, 5],
    [{ end: 2, limited: true }, 0, 2],
  ])('lists by places as Authlete does: %j', async (query, start, end) => {
    const { status, body } = await list(query);

    expect(status).toBe(200);
    expect(body).toMatchObject({ start, end, totalCount: all.length });
    expect(idsOf(body.clients)).toEqual(idsOf(all).slice(start, end));
  });

  it('lists the clients of a developer by places', async () => {
    const ofTeam = all.filter(({ developer }) => developer === 'team-1');

    const { body } = await list({ developer: 'team-1', start: 1, end: 3 });

    expect(body).toMatchObject({ start: 1, end: 3, developer: 'team-1' });
    expect(body).not.toHaveProperty('totalCount');
    expect(idsOf(body.clients)).toEqual(idsOf(ofTeam).slice(1, 3));
  });

  it.each<[Query, (client: Client) => boolean]>([
    [
      { redirectUri: 'https://app-3.example.org/cb' },
      ({ redirectUris }) => redirectUris?.[0] === 'https://app-3.example.org/cb',
    ],
    [
      { redirectUri: 'https://app-3.example.org/cb/3' },
      ({ redirectUris }) => redirectUris?.[1] === 'https://app-3.example.org/cb/3',
    ],
    [{ redirectUri: 'https://app-3.example.org/c' }, () => false],
    [{ redirectHost: 'APP-4.example.org' }, ({ redirectUris }) => redirectUris?.[0] === 'https://app-4.example.org/cb'],
    [{ redirectHost: 'example.org' }, () => false],
    [{ softwareId: 'software-1' }, ({ softwareId }) => softwareId === 'software-1'],
    [{ developer: 'team-2', limit: 3 }, ({ developer }) => developer === 'team-2'],
    [{ attribute: 'tier=a=b' }, ({ attributes }) => JSON.stringify(attributes) === '[{"key":"tier","value":"a=b"}]'],
    [{ attribute: 'tier=' }, () => false],
    [{ source: 'DYNAMIC_REGISTRATION' }, ({ dynamicallyRegistered }) => dynamicallyRegistered],
    [{ source: 'static' }, ({ dynamicallyRegistered }) => !dynamicallyRegistered],
    [{ clientType: 'PUBLIC' }, ({ clientType }) => clientType === 'PUBLIC'],
    [{ clientType: 'CONFIDENTIAL' }, ({ clientType }) => clientType === 'CONFIDENTIAL'],
    [{ locked: true }, ({ locked }) => locked],
    [{ locked: false }, ({ locked }) => !locked],
    [{ tokenAuthMethod: 'CLIENT_SECRET_POST' }, ({ tokenAuthMethod }) => tokenAuthMethod === 'CLIENT_SECRET_POST'],
    [{ tokenAuthMethod: 'none' }, ({ tokenAuthMethod }) => tokenAuthMethod === 'NONE'],
    [{ grantType: 'REFRESH_TOKEN' }, ({ grantTypes }) => grantTypes?.includes('REFRESH_TOKEN') === true],
    [{ grantType: 'refresh_token', locked: true }, ({ grantTypes, locked }) => locked && grantTypes?.length === 2],
    [
      { redirectHost: 'app-3.example.org', clientType: 'PUBLIC' },
      (client) => client.clientType === 'PUBLIC' && client.redirectUris?.[0] === 'https://app-3.example.org/cb',
    ],
    [{ grantType: 'constructor' }, () => false],
    [{ usedBefore: Date.now() + 1e9 }, () => true],
    [{ usedAfter: 1e12 }, () => false],
    [{ createdBefore: 1e12 }, () => false],
    [{ modifiedAfter: 1e12, createdAfter: 1e12 }, () => true],
  ])('finds the clients with %j', async (query, isExpected) => {
    expect(idsOf(await listAll(query))).toEqual(idsOf(all.filter(isExpected)));
    expect((await list({ limit: 1000, ...query })).body).not.toHaveProperty('totalCount');
  });

  it.each(['createdAfter', 'createdBefore', 'modifiedAfter', 'modifiedBefore'])(
    'distinguishes times by %s',
    async (name) => {
      const property = name.startsWith('created') ? 'createdAt' : 'modifiedAt';
      const time = all[30]![property];
      const isExpected = (client: Client) =>
        name.endsWith('After') ? client[property] >= time : client[property] < time;

      expect(idsOf(await listAll({ [name]: time }))).toEqual(idsOf(all.filter(isExpected)));
    },
  );

  it.each([
    ['report', ['Report 報告', 'Reporting', 'reports']],
    ['REPORTI', ['Reporting']],
    ['a\u0308r', ['Ärger']],
    ['Report 報', ['Report 報告']],
    ['ΣΟΦΟΣ', ['ΣΟΦΟΣΑ']],
    ['x'.repeat(100), []],
  ])('finds the clients whose name begins with %s once each, by name', async (clientName, names) => {
    const found = await listAll({ clientName });
    const expected = all.filter(({ clientName: name, clientNames = [] }) =>
      [name, ...clientNames.map(({ value }) => value)].some((each) => names.includes(each ?? '')),
    );

    expect(new Set(idsOf(found))).toEqual(new Set(idsOf(expected)));
    expect(found).toHaveLength(expected.length);
    const first = found.map(({ clientName: name, clientNames }) =>
      names.indexOf(clientNames === undefined || !names.includes('Report 報告') ? name! : 'Report 報告'),
    );
    expect(first).toEqual([...first].sort());
  });

  it('finds a client by each of its identifiers', async () => {
    const { clientId } = all[10]!;
    await put(String(clientId), { ...all[10], clientIdAlias: 'an-alias' });

    for (const identifier of [clientId, all[10]!.canonicalClientId!, 'an-alias'])
      expect(idsOf(await listAll({ identifier }))).toEqual([clientId]);
    expect(await listAll({ identifier: 'an-alias', locked: true })).toEqual([]);
    expect(await listAll({ identifier: 'nobody' })).toEqual([]);
  });

  it('finds a client by its values after an update, and no longer after its deletion', async () => {
    const { clientId } = JSON.parse(
      (await put('moving', { redirectUris: ['https://one.example.org/'] })).text,
    ) as Client;
    const hosts = async () =>
      Promise.all(['one', 'two'].map(async (name) => (await listAll({ redirectHost: `${name}.example.org` })).length));

    expect(await hosts()).toEqual([1, 0]);
    await put('moving', { redirectUris: ['https://two.example.org/'] });
    expect(await hosts()).toEqual([0, 1]);
    await request('DELETE', `delete/${clientId}`);
    expect(await hosts()).toEqual([0, 0]);
  });

  it('counts clients exactly, whether their changes are sealed or not', async () => {
    const count = async () => (await list({ limit: 1 })).body.totalCount;
    const before = (await count())!;
    await put('counted', { clientName: 'Counted' });

    expect(await count()).toBe(before + 1);
    while (await server.app.get(Sealer).seal());
    expect(await count()).toBe(before + 1);
    await put('counted', { clientName: 'Counted again' });
    await request('DELETE', 'delete/counted');
    expect(await count()).toBe(before);
  });

  it.each<[Query | string, string, string]>([
    [{ start: 'x' }, 'A028201', "Parameter 'start'"],
    [{ start: 2 ** 31 }, 'A028201', "Parameter 'start'"],
    [{ start: -1 }, 'A028202', "Parameter 'start'"],
    [{ end: '1.5' }, 'A028203', "Parameter 'end'"],
    [{ end: -1 }, 'A028204', "Parameter 'end'"],
    [{ limit: 0 }, 'A001204', 'limit'],
    [{ limit: 1001 }, 'A001204', 'limit'],
    [{ after: 'x' }, 'A001204', 'after must be the next of a page, not "x"'],
    [{ after: '1', start: 1 }, 'A001204', 'start and end exclude after'],
    [{ redirectHost: 'a', end: 1 }, 'A001204', 'start and end exclude after'],
    [{ redirectURI: 'https://a.example' }, 'A001204', '"redirectURI" is unknown'],
    [{ locked: 'yes' }, 'A001204', 'locked must be true or false'],
    [{ source: 'x' }, 'A001204', 'source must be one of STATIC_REGISTRATION'],
    [{ attribute: 'tier' }, 'A001204', 'attribute must be key=value'],
    [{ createdAfter: 1_700_000_000 }, 'A001204', 'createdAfter'],
    ['developer=a&developer=b', 'A001204', 'developer'],
  ])('refuses %j', async (query, resultCode, message) => {
    const { status, text } =
      typeof query === 'string' ? await request('GET', `get/list?${query}`) : await listText(query);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ resultCode, resultMessage: expect.stringContaining(message) as string });
  });

  it('reads two pages at a time, and the others afterwards', async () => {
    const pages = server.app.get(ClientPages);
    const read = pages.read.bind(pages);
    let running = 0;
    let most = 0;
    pages.read = async (...values) => {
      most = Math.max(most, ++running);
      await setImmediate();
      const placed = await read(...values);
      running -= 1;
      return placed;
    };
    const lists = await Promise.all(Array.from({ length: 20 }, () => list({ locked: true })));
    pages.read = read;

    expect(most).toBe(2);
    expect(lists.every(({ body }) => body.clients.length === 2)).toBe(true);
  });

  it('reads or queues a bounded number of pages for a service, and refuses others with 503', async () => {
    const pages = server.app.get(ClientPages);
    const read = pages.read.bind(pages);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let refused = 0;
    pages.read = async (...values) => {
      await held;
      return read(...values);
    };
    const lists = await Promise.all(
      Array.from({ length: PER_SERVICE + 5 }, async () => {
        const answer = await list({ locked: true });
        if (answer.status === 503) refused += 1;
        if (refused === 5) release();
        return answer;
      }),
    );
    pages.read = read;

    expect(lists.filter(({ status }) => status === 200)).toHaveLength(PER_SERVICE);
    expect(lists.find(({ status }) => status === 503)?.body).toMatchObject({ resultCode: 'A001104' });
  });

  it('ends a page after a bounded number of clients, with a cursor from which the next page goes on', async () => {
    const clients = server.app.get(ClientStore);
    const model = (await clients.find(SERVICE_ID, all[0]!.clientId))!;
    const by = { actor: { type: 'system' } } as const;
    const ids = Array.from({ length: 2_100 }, (_id, i) => 1_000 + i);
    await inBatches(ids, (clientId) =>
      clients.insert(
        { ...model, clientId, version: 1, identifiers: {}, administration: { locked: clientId === 3_099 } },
        by,
      ),
    );

    const { body: first } = await list({ locked: true, createdAfter: 1e12 });
    expect(first).toEqual({ clients: [], next: '2999' });
    const { body: second } = await list({ locked: true, after: first.next!, createdAfter: 1e12 });
    expect(idsOf(second.clients)).toEqual([3_099, ...idsOf(all.filter(({ locked }) => locked))]);
    expect(second).not.toHaveProperty('next');
  });

  it('ends a page before it becomes too large, whatever part of the clients is large', async () => {
    const clients = server.app.get(ClientStore);
    const model = (await clients.find(SERVICE_ID, all[0]!.clientId))!;
    const by = { actor: { type: 'system' } } as const;
    const attributes = Array.from({ length: 100 }, (_value, i) => ({ key: `key-${i}`, value: 'x'.repeat(5_000) }));
    const ids = Array.from({ length: 20 }, (_id, i) => 10_000 + i);
    for (const clientId of ids) {
      const administration = { developer: 'large', attributes };
      await clients.insert({ ...model, clientId, version: 1, identifiers: {}, administration }, by);
    }

    const { body, status } = await list({ developer: 'large', limit: 1000 });
    expect(status).toBe(200);
    expect(idsOf(body.clients)).toEqual(ids.slice(0, 8));
    expect(body.next).toBe('10007');
    expect(idsOf(await listAll({ developer: 'large' }))).toEqual(ids);
    expect((await list({ developer: 'large', start: 1, end: 20 })).body).toMatchObject({ start: 1, end: 9 });
  });
});
