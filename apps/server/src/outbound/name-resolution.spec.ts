import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { resolveName } from './name-resolution.ts';

const TYPE_A = 1;
const TYPE_AAAA = 28;
const HEADER_BYTES = 12;

/** Returns the data of the record for a question, or the code of an error; `undefined` for no response. */
type Answer = (name: string, type: number) => Buffer | number | undefined;

describe('resolveName', () => {
  const sockets: Socket[] = [];
  let questions: string[] = [];

  beforeEach(() => {
    questions = [];
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  /** Starts a name server on loopback, and returns a resolver that asks it. */
  async function resolverOf(answer: Answer): Promise<Resolver> {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.on('message', (query, { port, address }) => {
      const name = nameIn(query);
      questions.push(name);
      const typeAt = HEADER_BYTES + name.length + 2;
      const response = answer(name, query.readUInt16BE(typeAt));
      if (response !== undefined) socket.send(responseTo(query.subarray(0, typeAt + 4), response), port, address);
    });
    await new Promise<void>((listening) => socket.bind(0, '127.0.0.1', listening));
    const resolver = new Resolver({ timeout: 10_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${socket.address().port}`]);
    return resolver;
  }

  const never = new AbortController().signal;
  const FOUR = Buffer.from([192, 0, 2, 1]);
  const SIX = Buffer.from('20010db8000000000000000000000001', 'hex');

  it('returns the addresses of both families', async () => {
    const resolver = await resolverOf((_, type) => (type === TYPE_A ? FOUR : SIX));
    await expect(resolveName('name.example', never, () => resolver)).resolves.toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  it.each([
    [TYPE_A, '192.0.2.1'],
    [TYPE_AAAA, '2001:db8::1'],
  ])('returns the addresses of one family if the other one fails', async (known, address) => {
    const SERVFAIL = 2;
    const resolver = await resolverOf((_, type) => (type === known ? (type === TYPE_A ? FOUR : SIX) : SERVFAIL));
    await expect(resolveName('name.example', never, () => resolver)).resolves.toMatchObject([{ address }]);
  });

  it('fails for a name that does not exist', async () => {
    const NXDOMAIN = 3;
    const resolver = await resolverOf(() => NXDOMAIN);
    await expect(resolveName('name.example', never, () => resolver)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('asks for the name itself, without a search domain', async () => {
    const resolver = await resolverOf(() => FOUR);
    await resolveName('name', never, () => resolver);
    expect(new Set(questions)).toEqual(new Set(['name']));
  });

  it.each(['localhost', 'app.localhost'])('knows %s without a query', async (name) => {
    const resolver = await resolverOf(() => FOUR);
    await expect(resolveName(name, never, () => resolver)).resolves.toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
    expect(questions).toEqual([]);
  });

  it('ends at the deadline although the name server does not respond', async () => {
    const deadline = new AbortController();
    const resolver = await resolverOf(() => {
      deadline.abort();
      return undefined;
    });
    await expect(resolveName('name.example', deadline.signal, () => resolver)).rejects.toMatchObject({
      code: 'ECANCELLED',
    });
    await expect(resolveName('name.example', deadline.signal, () => resolver)).rejects.toThrow('abort');
  });
});

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; query[at] !== 0; at += query[at]! + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
  return labels.join('.');
}

/** A response with one record, or with an error (RFC 1035 section 4.1). */
function responseTo(query: Buffer, answer: Buffer | number): Buffer {
  const response = Buffer.from(query);
  const isError = typeof answer === 'number';
  // Response, recursion desired and available, and the code.
  response.writeUInt16BE(0x8180 + (isError ? answer : 0), 2);
  response.writeUInt16BE(isError ? 0 : 1, 6);
  response.writeUInt16BE(0, 10);
  if (isError) return response;
  const record = Buffer.alloc(12);
  // The name is a pointer to that of the question.
  record.writeUInt16BE(0xc000 + HEADER_BYTES, 0);
  record.writeUInt16BE(answer.length === 4 ? TYPE_A : TYPE_AAAA, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(answer.length, 10);
  return Buffer.concat([response, record, answer]);
}
