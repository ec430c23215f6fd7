import { ACTION_OF_ERROR } from '@clientele/model/metadata';
import { LONGEST_IDENTIFIER } from '@clientele/model';
import { packageVersion } from '../files/package-version.ts';
import { MERGE_PATCH } from '../http/body-parsers.ts';
import { EXAMPLE } from '../http/examples.ts';
import { TAGS, type DescribedRoute, type RouteDescription, type Tag } from '../http/routes.ts';
import { clientAdministrationSchemas } from './client-administration-schemas.ts';
import { clientInputSchema, clientPatchSchema } from './client-input-schema.ts';
import { dtoSchema } from './dto-schema.ts';
import { explanationSchema } from './explanation-schema.ts';
import { secretSchemas } from './secret-schemas.ts';
import { serviceSchemas } from './service-schemas.ts';
import {
  ANY_OBJECT,
  clientInformationSchema,
  clientMetadataSchema,
  clientSchema,
  reference,
  type Schema,
} from './metadata-schema.ts';

/** An OpenAPI document, with the members that the server reads itself. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<'title' | 'version', string>> & Schema;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly [member: string]: unknown;
}

/** Statuses of errors of every route with a tag. */
const ERRORS: Readonly<Record<Tag, readonly number[]>> = {
  'Client registration API': [400, 401, 403, 404, 413, 415, 500, 503],
  Clients: [400, 401, 403, 404, 500, 503],
  'Services and tokens': [400, 401, 403, 404, 413, 415, 500, 503],
  'Protocol plane': [400, 404, 429, 500, 503],
  Operation: [],
};

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'Done. There is no body',
  400: 'The request is wrong',
  401: 'The credentials are missing or wrong',
  403: 'Not allowed',
  404: 'Not found',
  409: 'The same registration was in progress, or succeeded without an initial access token',
  412: 'The client or the service does not have the version that If-Match names',
  413: 'The body is too large',
  415: 'The Content-Type is not supported',
  422: 'The Idempotency-Key has been used for another registration',
  429: 'Too many requests. Retry-After has the seconds to wait',
  500: 'The server failed',
  503: 'Unavailable at the moment. Retry-After has the seconds to wait',
};

/** The description of both planes (OpenAPI 3.1), from the descriptions of the routes, the DTOs and the rows of client metadata. */
export function openApiDocument(routes: readonly DescribedRoute[]): OpenApiDocument {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of [...routes].sort(byTag)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = describe(path, route.description);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clientele',
      version: packageVersion(),
      summary: 'The open, self-hosted client registry for OAuth 2.0 and OpenID Connect',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: schemas(routes), securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  apiAccessToken: { type: 'http', scheme: 'bearer', description: 'An API access token with the right for the call.' },
  registrationAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The registration access token of the client (RFC 7592 section 3).',
  },
  initialAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'An initial access token (RFC 7591 section 3), if the service requires one.',
  },
};

/** Sorts by tag. Routes with the same tag stay in the order in which they were added. */
function byTag(one: DescribedRoute, other: DescribedRoute): number {
  const tags = Object.keys(TAGS);
  return tags.indexOf(one.description.tag) - tags.indexOf(other.description.tag);
}

function describe(path: string, description: RouteDescription): Schema {
  const { id, tag, summary, security, body, response, errors = [] } = description;
  const parameters = parametersOf(path, description);
  return {
    operationId: id,
    tags: [tag],
    summary,
    // The service decides whether an initial access token is required.
    security: security === undefined ? [] : [{ [security]: [] }, ...(security === 'initialAccessToken' ? [{}] : [])],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(body) }),
    responses: Object.fromEntries([
      [response.status ?? 200, describeResponse(response)],
      ...[...ERRORS[tag], ...errors]
        .sort((a, b) => a - b)
        .map((status) => [status, errorResponse(tag, status)] as const),
    ]),
  };
}

/** The condition of a change (RFC 9110 section 13.1.1). */
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of the version that may be changed',
  schema: { type: 'string' },
};

const ID = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

/** The parameters in paths that are not the number of a client, and those that a query must have. */
const PARAMETERS: Readonly<Record<string, { readonly schema: Schema; readonly example: unknown }>> = {
  serviceId: { schema: ID, example: EXAMPLE.serviceId },
  id: { schema: ID, example: EXAMPLE.initialAccessTokenId },
  apiAccessTokenId: { schema: { type: 'string', pattern: '^[0-9a-f]{12}$' }, example: EXAMPLE.apiAccessTokenId },
  clientIdentifier: {
    schema: { type: 'string', minLength: 1, maxLength: LONGEST_IDENTIFIER },
    example: EXAMPLE.clientIdentifier,
  },
  subject: { schema: { type: 'string', minLength: 1 }, example: EXAMPLE.subject },
};

function parametersOf(path: string, { query = {}, requiredQuery = [], errors = [] }: RouteDescription): Schema[] {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(PARAMETERS[name] ?? { schema: ID, example: EXAMPLE.clientId }),
  }));
  const parameters = typeof query === 'function' ? (dtoSchema(query).properties as Record<string, Schema>) : query;
  const inQuery = Object.entries(parameters).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(requiredQuery.includes(name) && { required: true, example: PARAMETERS[name]?.example }),
    schema,
  }));
  const conditions = errors.includes(412) ? [IF_MATCH] : [];
  return [...inPath, ...conditions, ...inQuery];
}

function requestBody({
  schema,
  form = false,
  optional = false,
  mergePatch = false,
  example,
}: NonNullable<RouteDescription['body']>): Schema {
  const content = { schema: reference(typeof schema === 'string' ? schema : schemaNameOf(schema)), example };
  return {
    required: !optional,
    content: {
      'application/json': content,
      ...(form && { 'application/x-www-form-urlencoded': content }),
      ...(mergePatch && { [MERGE_PATCH]: content }),
    },
  };
}

function describeResponse({ status = 200, schema, type = 'application/json' }: RouteDescription['response']): Schema {
  const content = schema === undefined ? { type: 'string' } : reference(schema);
  return {
    description: DESCRIPTIONS[status],
    ...(status !== 204 && { content: { [type]: { schema: content } } }),
  };
}

function errorResponse(tag: Tag, status: number): Schema {
  if (tag === 'Operation') {
    return describeResponse(status === 500 ? { status, type: 'text/plain' } : { status, schema: 'Health' });
  }
  if (tag === 'Protocol plane') return describeResponse({ status, schema: 'Error' });
  return describeResponse({ status, schema: status >= 500 ? 'RegistrationResponse' : 'ApiError' });
}

/** The name of the schema of a DTO. */
function schemaNameOf({ name }: new () => object): string {
  return name.replace(/Dto$/, '');
}

/** The schemas of the bodies of all routes. */
function bodySchemas(routes: readonly DescribedRoute[]): Readonly<Record<string, Schema>> {
  const dtos = routes.flatMap(({ description: { body } }) => (typeof body?.schema === 'function' ? [body.schema] : []));
  return Object.fromEntries(dtos.map((dto) => [schemaNameOf(dto), dtoSchema(dto)]));
}

function schemas(routes: readonly DescribedRoute[]): Readonly<Record<string, Schema>> {
  const text = { type: 'string' };
  const integer = { type: 'integer', minimum: 0 };
  return {
    ...bodySchemas(routes),
    Explanation: explanationSchema(),
    RegistrationResponse: {
      type: 'object',
      required: ['resultCode', 'resultMessage', 'action'],
      properties: {
        resultCode: text,
        resultMessage: text,
        action: {
          type: 'string',
          enum: ['CREATED', 'OK', 'UPDATED', 'DELETED', ...new Set(Object.values(ACTION_OF_ERROR))],
        },
        responseContent: {
          ...text,
          description: 'The JSON text of the response to the client application: client information, or an error.',
        },
        client: reference('Client'),
      },
    },
    Client: clientSchema(),
    ClientInput: clientInputSchema(),
    ClientPage: {
      type: 'object',
      required: ['clients'],
      properties: {
        clients: { type: 'array', items: reference('Client') },
        next: text,
        totalCount: integer,
        start: integer,
        end: integer,
        developer: text,
      },
    },
    ClientPatch: clientPatchSchema(),
    ...clientAdministrationSchemas(),
    ResolveResponse: {
      type: 'object',
      required: ['action'],
      properties: {
        action: { type: 'string', enum: ['OK', 'NOT_MODIFIED', 'NOT_FOUND', 'LOCKED', 'UNAVAILABLE'] },
        etag: text,
        maxAge: integer,
        staleIfError: integer,
        retryAfter: integer,
        source: { type: 'string', enum: ['static', 'dynamic', 'document'] },
        metadata: reference('ClientMetadata'),
        secrets: {
          type: 'array',
          items: {
            type: 'object',
            required: ['createdAt', 'expiresAt'],
            properties: { sha256: text, createdAt: integer, expiresAt: integer },
          },
        },
        resources: { type: 'array', items: text },
      },
    },
    VerifySecretResponse: {
      type: 'object',
      required: ['action'],
      properties: {
        action: { type: 'string', enum: ['OK', 'INVALID', 'NOT_FOUND', 'LOCKED'] },
        expiresAt: integer,
      },
    },
    ...secretSchemas(),
    ApiError: {
      type: 'object',
      required: ['resultCode', 'resultMessage'],
      properties: { resultCode: text, resultMessage: text },
    },
    ...serviceSchemas(),
    ClientMetadata: clientMetadataSchema(),
    ClientUpdate: {
      description: 'The metadata that replaces all registered metadata (RFC 7592 section 2.2).',
      allOf: [reference('ClientMetadata')],
      type: 'object',
      required: ['client_id'],
      properties: { client_id: text, client_secret: text },
    },
    ClientInformation: clientInformationSchema(),
    ServerMetadata: {
      type: 'object',
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc8414.html#section-2' },
      required: ['issuer', 'response_types_supported'],
      properties: {
        issuer: { type: 'string', format: 'uri' },
        response_types_supported: { type: 'array', items: text },
        registration_endpoint: { type: 'string', format: 'uri' },
      },
    },
    Error: {
      type: 'object',
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2' },
      required: ['error'],
      properties: { error: text, error_description: text },
    },
    Health: {
      type: 'object',
      required: ['status'],
      properties: {
        status: { type: 'string', enum: ['ok', 'unavailable'] },
        reasons: { type: 'object', additionalProperties: text },
      },
    },
    OpenApi: {
      type: 'object',
      required: ['openapi', 'info', 'paths'],
      properties: { openapi: text, info: ANY_OBJECT, paths: ANY_OBJECT },
    },
  };
}
