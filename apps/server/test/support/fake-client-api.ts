import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';

/** The body of a `PUT`. */
type Properties = Readonly<Record<string, unknown>> & { readonly clientSecret?: string };

interface FakeClient {
  readonly clientId: number;
  readonly canonicalClientId: string;
  readonly version: number;
  readonly properties: Properties;
  readonly secret: string | undefined;
}

/** The calls of client administration that `clientele apply` and `clientele client` make, on clients in memory. */
export class FakeClientApi {
  readonly clients = new Map<string, FakeClient>();
  readonly calls: string[] = [];
  /** The number of changes that still succeed; the connection breaks at the next one. */
  changesLeft = Number.POSITIVE_INFINITY;
  /** Called before each change. */
  beforeChange: (id: string) => void = () => undefined;
  private readonly server: Server;
  private number = 0;

  constructor() {
    this.server = createServer((request, response) => {
      void textOf(request).then(async (body) => {
        const answer = await this.fetch(`http://fake${request.url ?? ''}`, {
          method: request.method ?? '',
          headers: request.headers as Record<string, string>,
          body,
        });
        response.writeHead(answer.status, { connection: 'close' }).end(await answer.text());
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await once(this.server.close(), 'close');
  }

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const [, call = ''] = pathname.split('/client/');
    this.calls.push(`${init.method ?? ''} ${call}${searchParams.size > 0 ? `?${searchParams.toString()}` : ''}`);
    const body = typeof init.body === 'string' && init.body !== '' ? (JSON.parse(init.body) as Properties) : {};
    const id = decodeURIComponent(call.split('/').at(-1) ?? '');
    if (call === 'get/list') return respond(200, this.page(searchParams));
    if (call.startsWith('preview/')) return respond(200, this.preview(id, body));
    if (this.changesLeft-- <= 0) return Promise.reject(new TypeError('fetch failed'));
    this.beforeChange(id);
    const headers = new Headers(init.headers);
    if (init.method === 'DELETE') return respond(this.deleteNumber(Number(id)) ? 204 : 404, null);
    const current = this.clients.get(id);
    if (call.startsWith('secret/')) {
      const overlapEndsAt = 'overlap' in body ? 1_800_000_000 : undefined;
      return respond(200, { newClientSecret: 'n'.repeat(43), oldClientSecret: 'old', overlapEndsAt, expiresAt: 0 });
    }
    if (headers.has('if-none-match') ? current : headers.has('if-match') && headers.get('if-match') !== etagOf(current))
      return respond(412, { resultCode: 'A001108', resultMessage: '[A001108] The client was changed.' });
    return respond(200, this.shown(this.put(id, init.method === 'PATCH' ? { ...current?.properties, ...body } : body)));
  };

  /** Stores a client with these properties, of which `clientSecret` is not shown. */
  put(id: string, { clientSecret, ...properties }: Properties): FakeClient {
    const current = this.clients.get(id);
    const client = {
      clientId: current?.clientId ?? ++this.number,
      canonicalClientId: id,
      version: (current?.version ?? 0) + 1,
      properties,
      secret: clientSecret ?? current?.secret,
    };
    this.clients.set(id, client);
    return client;
  }

  private deleteNumber(clientId: number): boolean {
    const found = [...this.clients.values()].find((client) => client.clientId === clientId);
    return found !== undefined && this.clients.delete(found.canonicalClientId);
  }

  private preview(id: string, { clientSecret, ...after }: Properties): object {
    const current = this.clients.get(id);
    if (current === undefined) return { outcome: 'created', differences: [] };
    const { properties: before, secret } = current;
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const differences: object[] = members
      .filter((member) => !isDeepStrictEqual(before[member], after[member]))
      .map((member) => ({ member, before: before[member], after: after[member] }));
    if (clientSecret !== undefined && clientSecret !== secret) differences.push({ member: 'client_secret' });
    return { outcome: differences.length > 0 ? 'changed' : 'unchanged', etag: etagOf(current), differences };
  }

  /** A page of at most two clients, so that every list has several pages. */
  private page(query: URLSearchParams): object {
    const has = ({ canonicalClientId, properties: { attributes = [], clientName = '' } }: FakeClient): boolean => {
      const pairs = (attributes as { key: string; value: string }[]).map(({ key, value }) => `${key}=${value}`);
      return (
        [canonicalClientId, null].includes(query.get('identifier')) &&
        [...pairs, null].includes(query.get('attribute')) &&
        (clientName as string).startsWith(query.get('clientName') ?? '') &&
        !query.has('softwareId') &&
        !query.has('redirectHost')
      );
    };
    const matches = [...this.clients.values()]
      .filter(has)
      .sort((a, b) => a.clientId - b.clientId)
      .filter(({ clientId }) => clientId > Number(query.get('after') ?? 0));
    const clients = matches.slice(0, Math.min(2, Number(query.get('limit')))).map((client) => this.shown(client));
    const last = matches[clients.length - 1];
    return { clients, ...(matches.length > clients.length && last && { next: String(last.clientId) }) };
  }

  private shown({ clientId, canonicalClientId, properties }: FakeClient): object {
    const times = { createdAt: 1_800_000_000_000, modifiedAt: 1_800_000_000_000 };
    const always = { clientType: 'CONFIDENTIAL', clientSource: 'STATIC_REGISTRATION', locked: false, ...times };
    return { ...always, ...properties, clientId, canonicalClientId };
  }
}

function etagOf(client: FakeClient | undefined): string | undefined {
  return client && `"${client.version}"`;
}

function respond(status: number, body: object | null): Promise<Response> {
  return Promise.resolve(body === null ? new Response(null, { status }) : Response.json(body, { status }));
}
