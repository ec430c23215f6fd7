import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientInformation, ErrorResponse } from '@clientele/model/metadata';
import axe, { type AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'puppeteer-core';
import { startBrowser } from './support/browser.ts';
import { MINIMAL, registerPath } from './support/protocol.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** The parts of a response that a script of a page can read. */
interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const JSON_BODY = { 'content-type': 'application/json' };

const started = await startBrowser();

describe('a web page of another origin in Chromium (OpenID Connect Registration sections 3 and 4, Fetch section 3.3)', () => {
  const { browser } = started;
  if (browser === undefined) {
    // Some reporters do not show the titles of skipped tests.
    console.warn(started.unavailable);
    it.skip(started.unavailable, () => undefined);
    return;
  }

  let server: TestServer;
  let site: Server;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  /** Method and path of each request that the server received. */
  let received: string[];

  beforeAll(async () => {
    server = await startServer();
    server.app.getHttpServer().on('request', ({ method, url }: IncomingMessage) => {
      received.push(`${method} ${url}`);
    });
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>A client application</title>');
    });
    await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve));
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  });

  // Each test uses its own context because browsers cache preflight responses.
  beforeEach(async () => {
    received = [];
    context = await browser.createBrowserContext();
    page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(origin);
  });

  afterEach(async () => {
    await context.close();
    await server.configure();
  });

  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => site.close(resolve));
    await server.close();
  });

  /** Sends a request from a script of the page; throws if the browser blocks the response. */
  const fetchFromPage = (url: string, init: RequestInit = {}): Promise<PageResponse> =>
    page.evaluate(
      async (address, options) => {
        const response = await fetch(address, options);
        return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
      },
      url,
      init,
    );

  const endpoint = (): string => `${server.baseUrl}${registerPath()}`;

  const register = async (): Promise<{ information: ClientInformation; etag: string }> => {
    const body = JSON.stringify({ ...MINIMAL, client_name: 'A page', token_endpoint_auth_method: 'none' });
    const { status, headers, text } = await fetchFromPage(endpoint(), { method: 'POST', headers: JSON_BODY, body });
    expect(status).toBe(201);
    return { information: JSON.parse(text) as ClientInformation, etag: headers.etag! };
  };

  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  it('discovers the registration endpoint, and registers after a preflight request', async () => {
    const wellKnown = `/connect/${SERVICE_ID}/.well-known/openid-configuration`;
    const discovered = await fetchFromPage(`${server.baseUrl}${wellKnown}`);
    expect(JSON.parse(discovered.text)).toMatchObject({ registration_endpoint: endpoint() });

    const { information, etag } = await register();

    expect(information).toMatchObject({ client_name: 'A page' });
    expect(etag).toMatch(/^".+"$/);
    expect(received).toEqual([`GET ${wellKnown}`, `OPTIONS ${registerPath()}`, `POST ${registerPath()}`]);
  });

  it('reads, updates with If-Match and deletes its client, and can read errors', async () => {
    const { information, etag } = await register();
    const { registration_client_uri: uri, registration_access_token: token, client_id: clientId } = information;
    const path = registerPath(clientId);
    received = [];

    const read = await fetchFromPage(uri, { headers: bearer(token) });
    expect([read.status, read.headers.etag, JSON.parse(read.text)]).toEqual([200, etag, information]);

    const update = (ifMatch: string, name: string): Promise<PageResponse> =>
      fetchFromPage(uri, {
        method: 'PUT',
        headers: { ...JSON_BODY, ...bearer(token), 'if-match': ifMatch },
        body: JSON.stringify({
          ...MINIMAL,
          client_id: clientId,
          client_name: name,
          token_endpoint_auth_method: 'none',
        }),
      });
    const updated = await update(etag, 'Another name');
    expect([updated.status, JSON.parse(updated.text)]).toMatchObject([200, { client_name: 'Another name' }]);
    expect(updated.headers.etag).not.toBe(etag);

    const outdated = await update(etag, 'Too late');
    expect([outdated.status, (JSON.parse(outdated.text) as ErrorResponse).error]).toEqual([412, 'invalid_request']);

    const wrong = await fetchFromPage(uri, { headers: bearer('wrong') });
    expect([wrong.status, (JSON.parse(wrong.text) as ErrorResponse).error]).toEqual([401, 'invalid_token']);
    expect(wrong.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);

    const deleted = await fetchFromPage(uri, { method: 'DELETE', headers: bearer(token) });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await fetchFromPage(uri, { headers: bearer(token) })).status).toBe(401);
    expect(received.filter((request) => request.startsWith('OPTIONS'))).toContain(`OPTIONS ${path}`);
    expect(received.filter((request) => request === `PUT ${path}`)).toHaveLength(2);
  });

  it('cannot call the API plane: the browser sends only a preflight request', async () => {
    const before = await server.storedClients();

    await expect(
      fetchFromPage(`${server.baseUrl}${pathOf('register')}`, {
        method: 'POST',
        headers: HEADERS,
        body: JSON.stringify({ json: '{}' }),
      }),
    ).rejects.toThrow('Failed to fetch');

    expect(received).toEqual([`OPTIONS ${pathOf('register')}`]);
    expect(await server.storedClients()).toEqual(before);
  });

  it('can register only from an origin in allowedOrigins', async () => {
    await server.configure({ allowedOrigins: ['https://app.example.com'] });
    await expect(register()).rejects.toThrow('Failed to fetch');
    expect(received).toEqual([`OPTIONS ${registerPath()}`]);

    await server.configure({ allowedOrigins: ['https://app.example.com', origin] });
    expect((await register()).information.client_name).toBe('A page');
  });

  describe('shows the API documentation', () => {
    const OPERATION = 'listClients';

    it.each([
      ['light', 390],
      ['light', 1280],
      ['dark', 390],
      ['dark', 1280],
    ])(
      'in %s colors, %i pixels wide, accessibly and without further requests or console messages',
      async (value, width) => {
        const requested: string[] = [];
        const messages: string[] = [];
        page.on('request', (request) => requested.push(request.url()));
        page.on('console', (message) => messages.push(message.text()));
        page.on('pageerror', (error) => messages.push(String(error)));
        await page.setViewport({ width, height: 900 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);

        const response = await page.goto(`${server.baseUrl}/docs`, { waitUntil: 'networkidle0' });
        expect(response?.status()).toBe(200);
        expect(await page.title()).toContain('Clientele');
        expect(await page.evaluate('document.styleSheets.length')).toBe(1);

        // The contents lead to an operation, which unfolds below its heading.
        await page.click('nav details:nth-of-type(2) summary');
        await page.click(`nav a[href="#${OPERATION}"]`);
        const heading = await page.waitForSelector(`details[open]:has(#${OPERATION}) h3`);
        expect(await heading?.isIntersectingViewport({ threshold: 1 })).toBe(true);

        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);

        // A sample, because axe needs seconds for all: the first operation of each section, and the first schema.
        await page.evaluate("for (const each of document.querySelectorAll('main > details + details')) each.remove()");
        await page.evaluate(axe.source);
        const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
        expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([]);

        expect(new Set(requested.map((url) => url.replace(/#.*/, '')))).toEqual(new Set([`${server.baseUrl}/docs`]));
        expect(messages).toEqual([]);
      },
    );
  });
});
