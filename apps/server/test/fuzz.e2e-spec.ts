import { FIELDS } from '@clientele/model/metadata';
import fc from 'fast-check';
import { brokenMetadata, clientMetadata, nearlyMetadata } from './support/arbitraries.ts';
import { FOUR_MEMBERS, without } from './support/samples.ts';
import { HEADERS, pathOf, startServer, type Operation, type Registered, type TestServer } from './support/server.ts';

const OPERATIONS: readonly Operation[] = ['register', 'get', 'update', 'delete'];

/** Members whose value is different for each client. */
const UNIQUE_MEMBERS = [...FOUR_MEMBERS, 'client_id', 'client_secret'];

/** Properties that hold for every input. A failure prints the seed that reproduces it. */
describe('arbitrary input', () => {
  let server: TestServer;
  let registered: Registered;
  const prototype = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

  beforeAll(async () => {
    server = await startServer();
    registered = await server.register();
  });

  afterEach(() => {
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(prototype);
  });

  afterAll(() => server.close());

  /** Every response is an envelope for an API error or for an action, and never a server error. */
  const expectEnvelope = async (operation: Operation, body: string | Buffer, contentType?: string): Promise<void> => {
    const headers = { ...HEADERS, ...(contentType && { 'content-type': contentType }) };
    const { status, text } = await server.send({ path: pathOf(operation), headers, body });
    const envelope = JSON.parse(text) as Record<string, string>;

    expect([200, 400, 413, 415]).toContain(status);
    expect(envelope.resultMessage).toMatch(new RegExp(`^\\[${envelope.resultCode}\\] [\\x20-\\x7e]+$`));
    expect(Object.keys(envelope).includes('action')).toBe(status === 200);
    if (status !== 200) return;
    expect(['CREATED', 'OK', 'UPDATED', 'DELETED', 'BAD_REQUEST', 'UNAUTHORIZED']).toContain(envelope.action);
    if (envelope.action === 'DELETED') return;
    const content = JSON.parse(envelope.responseContent ?? '') as { error?: string; client_id?: string };
    expect(Object.hasOwn(content, 'error')).not.toBe(Object.hasOwn(content, 'client_id'));
  };

  const documents = fc.oneof(
    nearlyMetadata,
    brokenMetadata,
    fc.json(),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('{', '[', '{"a":').chain((open) => fc.nat({ max: 5000 }).map((levels) => open.repeat(levels))),
  );

  it('register and update return an envelope for any json', async () => {
    const { clientId, token } = registered;
    await fc.assert(
      fc.asyncProperty(documents, async (json) => {
        await expectEnvelope('register', JSON.stringify({ json }));
        await expectEnvelope('update', JSON.stringify({ clientId, token, json }));
      }),
      { numRuns: 300 },
    );
  });

  it('update returns an envelope for any json with the right client_id, and the client stays readable', async () => {
    const { clientId, token, information } = registered;
    await fc.assert(
      fc.asyncProperty(nearlyMetadata, async (document) => {
        const json = `{"client_id":"${information.client_id}",${document.slice(1).replace(/^}/, '"x":1}')}`;
        await expectEnvelope('update', JSON.stringify({ clientId, token, json }));
        await server.get(registered);
      }),
      { numRuns: 100 },
    );
  });

  it('a request body with arbitrary members gets an envelope', async () => {
    const { clientId, token } = registered;
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.double());
    const body = fc.record(
      {
        clientId: fc.oneof(fc.constant(clientId), value),
        token: fc.oneof(fc.constant(token), value),
        json: fc.oneof(fc.constant('{}'), value),
        other: value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Operation>('register', 'get', 'update'), body, (operation, members) =>
        expectEnvelope(operation, JSON.stringify(members)),
      ),
      { numRuns: 300 },
    );
  });

  it('a request body of arbitrary bytes gets an envelope', async () => {
    const types = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'application/json; charset=x',
      'text/plain',
      'multipart/form-data',
      '*/*',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1 }).map((array) => Buffer.from(array)),
      fc.webQueryParameters().map((text) => Buffer.from(`json=%7B%7D&${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...OPERATIONS), bytes, types, (operation, body, type) =>
        expectEnvelope(operation, body, type),
      ),
      { numRuns: 300 },
    );
  });

  it('register, get and update return valid metadata unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(clientMetadata, async (metadata) => {
        const client = await server.register(metadata);
        expect(client.information).toMatchObject(metadata);

        const found = await server.get(client);
        const updated = await server.update(client, found.content);
        // RFC 7592 section 2.2: a client must not send these four members.
        const replaced = await server.update(client, without(found.content, ...FOUR_MEMBERS));
        const foundAgain = await server.get(client);

        for (const { content } of [found, updated, replaced, foundAgain]) expect(content).toEqual(client.information);
        expect(without(foundAgain.client, 'modifiedAt')).toEqual(without(client.client, 'modifiedAt'));
      }),
      { numRuns: 100 },
    );
  });

  it('lists of alternatives that contain the registered value change nothing (RP Metadata Choices section 2)', async () => {
    const choosable = FIELDS.filter(([, { alternatives }]) => alternatives !== undefined);
    await fc.assert(
      fc.asyncProperty(clientMetadata, fc.infiniteStream(fc.string()), async (metadata, others) => {
        const values = new Map(Object.entries(metadata));
        const lists = choosable.flatMap(([name, { alternatives, values: all = [] }]) =>
          values.has(name) ? [[alternatives!, [...others.take(2), values.get(name), ...all]]] : [],
        );

        const plain = await server.register(metadata);
        const listed = await server.register({ ...metadata, ...(Object.fromEntries(lists) as object) });

        expect(without(listed.information, ...UNIQUE_MEMBERS)).toEqual(without(plain.information, ...UNIQUE_MEMBERS));
      }),
      { numRuns: 50 },
    );
  });

  it('valid metadata replaces any other metadata', async () => {
    await fc.assert(
      fc.asyncProperty(clientMetadata, clientMetadata, async (first, second) => {
        const client = await server.register(first);
        const fresh = await server.register(second);

        const { content } = await server.update(client, second);

        expect(without(content, ...UNIQUE_MEMBERS)).toEqual(without(fresh.information, ...UNIQUE_MEMBERS));
      }),
      { numRuns: 100 },
    );
  });
});
