import { parseId } from '@clientele/model';
import { withoutTrailingSlashes } from '@clientele/model/wire';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** The groups of routes, with their description for OpenAPI. */
export const TAGS = {
  'Client registration API':
    "Authlete's API for authorization servers. HTTP 200 with an `action` says how to respond to the client application; other statuses say that the call itself was wrong.",
  Clients: 'Clients as an authorization server looks them up, and as administrators manage them.',
  'Services and tokens': 'The requirements of a service on its clients, and the tokens with which they may register.',
  'Protocol plane': 'The endpoints for client applications: RFC 7591, RFC 7592 and discovery.',
  Operation: 'Endpoints for orchestrators and monitoring. They need no credentials.',
} as const;

export type Tag = keyof typeof TAGS;

/** An operation on a registration, as metrics count it. */
export type CountedOperation = 'register' | 'get' | 'update' | 'delete';

/** The description of a route, beside its handler. The OpenAPI document, authentication and metrics follow from it. */
export interface RouteDescription {
  /** The ID of the operation in OpenAPI. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly security?: 'apiAccessToken' | 'registrationAccessToken' | 'initialAccessToken';
  /** The access right that an API access token must have. */
  readonly right?: string;
  /** Whether the API access token must be one for all services. */
  readonly forAllServices?: true;
  /** Whether any valid API access token may call it. */
  readonly forAnyToken?: true;
  /** The parameters of the query: the class of their DTO, or the JSON schema of each. */
  readonly query?: (new () => object) | Readonly<Record<string, object>>;
  /** The parameters of the query that must be present. */
  readonly requiredQuery?: readonly string[];
  /** The body of a request: the class of its DTO or the name of its schema, and whether it may be a form or a merge patch as well. */
  readonly body?: {
    readonly schema: (new () => object) | string;
    readonly form?: boolean;
    readonly mergePatch?: boolean;
    readonly optional?: boolean;
    readonly example?: unknown;
  };
  /** The successful response: its status (200 if omitted), and the name of its schema or its media type if that is not JSON. */
  readonly response: { readonly status?: number; readonly schema?: string; readonly type?: string };
  /** Statuses of errors beyond those of every route with the tag. */
  readonly errors?: readonly number[];
  readonly counted?: CountedOperation;
  /** Whether a GET changes something, so that there is no HEAD at its path. */
  readonly unsafe?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    description?: RouteDescription;
  }
}

export interface DescribedRoute {
  readonly method: string;
  /** The pattern of the path, with `:name` for each parameter. */
  readonly path: string;
  readonly description: RouteDescription;
}

/** A route that may lack a description. */
export type AddedRoute = Omit<DescribedRoute, 'description'> & Partial<Pick<DescribedRoute, 'description'>>;

interface Path {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** The number of segments of a path that the log has. */
const MOST_SEGMENTS = 12;

/** The order of methods in `Allow`. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The routes of the server, collected as Fastify adds them. */
export class Routes {
  private readonly paths = new Map<string, Path>();
  private readonly added: AddedRoute[] = [];
  /** The parts of paths that are no parameters. */
  private readonly segments = new Set<string>(['']);

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', (route) => {
      // Fastify adds it to each route for GET, and it would call the same handler.
      if (route.method === 'HEAD' && route.config?.description?.unsafe === true) this.refuse(route);
      else this.add(route);
    });
  }

  /** All routes, with those for HEAD and those of any path. */
  get all(): readonly AddedRoute[] {
    return this.added;
  }

  get described(): readonly DescribedRoute[] {
    // Fastify adds a route for HEAD to each route for GET.
    return this.added.filter((route): route is DescribedRoute => 'description' in route && route.method !== 'HEAD');
  }

  /** The methods at a path, for `Allow` (RFC 9110 section 15.5.6); empty if there is nothing at the path. */
  methodsAt(url: string): readonly string[] {
    const [path = ''] = url.split('?');
    const found = [...this.paths.values()].filter(({ pattern }) => pattern.test(path));
    return METHODS.filter((method) => found.some(({ methods }) => methods.has(method)));
  }

  /** Whether there is something at a path without the slashes at its end. */
  hasSlashTooMany(url: string): boolean {
    const [path = ''] = url.split('?');
    return path.endsWith('/') && path !== '/' && this.methodsAt(withoutTrailingSlashes(path)).length > 0;
  }

  /** A path without the segments that are neither part of a known path nor a number, because such a text may be a secret. */
  knownSegmentsOf(url: string): string {
    const [path = ''] = url.split('?');
    const known = path.split('/', MOST_SEGMENTS).map((segment) => (this.isKnown(segment) ? segment : '*'));
    return known.join('/');
  }

  private isKnown(segment: string): boolean {
    return this.segments.has(segment) || parseId(segment) !== undefined;
  }

  /** Lets a route respond as if it were not there. */
  private refuse(route: RouteOptions): void {
    route.onRequest = (request, reply, done) => {
      void reply.status(405).header('allow', this.methodsAt(request.url).join(', ')).send();
      done();
    };
  }

  private add({ url, method, config }: RouteOptions): void {
    const methods = [method].flat();
    const description = config?.description;
    this.added.push(...methods.map((each) => ({ method: each, path: url, ...(description && { description }) })));
    if (url.includes('*')) return;
    for (const segment of url.split('/')) if (!segment.startsWith(':')) this.segments.add(segment);
    const path = this.paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    this.paths.set(url, path);
    for (const each of methods) path.methods.add(each);
  }
}

/** Matches the paths of a route. */
function patternOf(url: string): RegExp {
  const segments = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[.]/g, '\\$&')));
  return new RegExp(`^${segments.join('/')}$`);
}
