import { METADATA_BODY_LIMIT } from '../src/http/limits.ts';
import { everythingService } from './support/everything-service.ts';
import { hashToken } from '../src/crypto/token.ts';
import { matching } from './support/matchers.ts';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const OTHER_SERVICE_ID = SERVICE_ID + 1;
const TRUSTED = { TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' };

describe('rate limits of the protocol plane (RFC 6585 section 4, RFC 7591 section 3)', () => {
  let server: TestServer | undefined;

  afterEach(() => server?.close());

  const start = async (environment: Record<string, string>) => {
    server = await startServer(environment);
    await server.addService(everythingService(OTHER_SERVICE_ID, 2, Date.now()), {
      tokenHash: hashToken('x'),
      serviceId: 1,
      accessRights: [],
    });
    const protocol = protocolOf(server);
    const from = async (forwardedFor: string) =>
      (await protocol.register(MINIMAL, { 'x-forwarded-for': forwardedFor })).status;
    return { server, protocol, from };
  };

  it('a request beyond the limit of an address gets 429 with Retry-After, and registers nothing', async () => {
    const { server, protocol, from } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '3' });
    const statuses = [
      await from('192.0.2.1'),
      await from('192.0.2.1'),
      await from('192.0.2.1'),
      await from('192.0.2.1'),
    ];
    expect(statuses).toEqual([201, 201, 201, 429]);
    const before = (await server.storedClients()).length;

    const { headers, body } = await protocol.register(
      {},
      { 'x-forwarded-for': '192.0.2.1', origin: 'https://app.example' },
    );

    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(body).toEqual({ error: 'temporarily_unavailable', error_description: matching(/too many/) });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(await server.storedClients()).toHaveLength(before);
    expect(await from('192.0.2.2')).toBe(201);
  });

  it('an IPv6 network counts as one address, and an IPv4 address is the same in IPv6 notation', async () => {
    const { from } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '1' });

    expect([await from('2001:db8:1:1::1'), await from('2001:db8:1:1:ffff::2')]).toEqual([201, 429]);
    expect(await from('2001:db8:1:2::1')).toBe(201);
    expect([await from('192.0.2.1'), await from('::ffff:192.0.2.1')]).toEqual([201, 429]);
  });

  it('X-Forwarded-For is trusted only as far as trusted proxies wrote it', async () => {
    const { from } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '1' });

    expect(await from('198.51.100.1, 192.0.2.1')).toBe(201);
    expect(await from('198.51.100.2, 192.0.2.1')).toBe(429);
    expect(await from('192.0.2.1, 10.1.2.3')).toBe(429);
    expect(await from('198.51.100.1, 192.0.2.7, 10.1.2.3')).toBe(201);
  });

  it('a port or a text that is no address does not make another caller of an address', async () => {
    const { from } = await start({ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8', RATE_LIMIT_PER_ADDRESS: '1' });

    expect([await from('198.51.100.2:40001'), await from('198.51.100.2:40002')]).toEqual([201, 429]);
    expect([await from('[2001:db8:5::1]:1'), await from('[2001:db8:5::1]:2')]).toEqual([201, 429]);
    expect([await from('junk0, 10.0.0.7'), await from('junk1, 10.0.0.7')]).toEqual([201, 429]);
  });

  it('X-Forwarded-For without a trusted proxy is ignored, and a loopback address has no limit', async () => {
    const { from } = await start({ RATE_LIMIT_PER_ADDRESS: '1' });

    for (let i = 0; i < 5; i++) expect(await from('192.0.2.1')).toBe(201);
  });

  it('a request beyond the limit of a service gets 429 from any address, and other services are not affected', async () => {
    const { protocol, from } = await start({ RATE_LIMIT_PER_SERVICE: '2' });

    expect([await from('a'), await from('b'), await from('c')]).toEqual([201, 201, 429]);
    const { status } = await protocol.send(
      'POST',
      registerPath(undefined, OTHER_SERVICE_ID),
      { 'content-type': 'application/json' },
      JSON.stringify(MINIMAL),
    );
    expect(status).toBe(201);
  });

  it('wrong tokens, wrong paths and discovery count, and preflights do not', async () => {
    const { protocol } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '3' });
    const headers = { 'x-forwarded-for': '192.0.2.1' };

    expect((await protocol.read(1, 'wrong', headers)).status).toBe(401);
    expect((await protocol.send('GET', '/connect/nope', headers)).status).toBe(404);
    const discovery = `/.well-known/openid-configuration/connect/${SERVICE_ID}`;
    expect((await protocol.send('GET', discovery, headers)).status).toBe(200);
    expect((await protocol.send('GET', discovery, headers)).status).toBe(429);
    const preflight = { ...headers, origin: 'https://app.example', 'access-control-request-method': 'POST' };
    expect((await protocol.send('OPTIONS', registerPath(), preflight)).status).toBe(204);
  });

  it('the limit is checked before the body is read', async () => {
    const { protocol } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '1' });
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    await protocol.register(MINIMAL, headers);

    expect((await protocol.register('x'.repeat(METADATA_BODY_LIMIT + 1), headers)).status).toBe(429);
  });

  it('the API plane has no limit', async () => {
    const { server } = await start({ RATE_LIMIT_PER_SERVICE: '1', RATE_LIMIT_PER_ADDRESS: '1' });

    for (let i = 0; i < 5; i++) await expect(server.register()).resolves.toBeDefined();
  });

  it('0 means no limit', async () => {
    const { from } = await start({ ...TRUSTED, RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_SERVICE: '0' });

    for (let i = 0; i < 5; i++) expect(await from('192.0.2.1')).toBe(201);
  });
});
