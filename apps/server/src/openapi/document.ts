import {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationExplain,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import { ACTION_OF_ERROR } from '@clientele/model/metadata';
import { CreateInitialAccessTokenDto } from '../access/initial-access-token.dto.ts';
import { ScopeDto, ServiceSettingsDto, SoftwareStatementIssuerDto } from '../services/service-settings.dto.ts';
import { packageVersion } from '../files/package-version.ts';
import { dtoSchema } from './dto-schema.ts';
import { EXAMPLE, REQUEST_EXAMPLES } from './examples.ts';
import { explanationSchema } from './explanation-schema.ts';
import { clientInformationSchema, clientMetadataSchema, clientSchema, type Schema } from './metadata-schema.ts';
import { OPERATIONS, TAGS, type Operation, type Tag } from './operations.ts';

/** An OpenAPI document, as far as its readers here look into it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<'title' | 'version', string>> & Schema;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly [member: string]: unknown;
}

/** Statuses that every operation of a tag may be answered with. */
const FAILURES: Readonly<Record<Tag, readonly number[]>> = {
  'Client registration API': [400, 401, 403, 404, 413, 415, 500, 503],
  'Services and tokens': [400, 401, 403, 404, 413, 415, 500, 503],
  'Protocol plane': [400, 404, 429, 500, 503],
  Operation: [],
};

const MEANING: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'Done; there is no body',
  400: 'The request is wrong',
  401: 'The credentials are missing or wrong',
  403: 'Not allowed',
  404: 'Not found',
  409: 'The same registration was under way, or succeeded without an initial access token',
  412: 'The client is not in the version that If-Match names',
  413: 'The body is too large',
  415: 'The Content-Type is not supported',
  422: 'The Idempotency-Key has been used for another registration',
  429: 'Too many requests; Retry-After says when to try again',
  500: 'The server failed',
  503: 'Not available for the moment; Retry-After says when to try again',
};

/** The description of both planes (OpenAPI 3.1), made from the operations, the DTOs and the rows of client metadata. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of OPERATIONS) (paths[operation.path] ??= {})[operation.method] = describe(operation);
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
    components: { schemas: schemas(), securitySchemes: SECURITY_SCHEMES },
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
    description: 'An initial access token (RFC 7591 section 3), where the service demands one.',
  },
};

function describe(operation: Operation): Schema {
  const { id, tag, summary, security, success, failures = [] } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    // Whether an initial access token is needed depends on the service.
    security: security === undefined ? [] : [{ [security]: [] }, ...(security === 'initialAccessToken' ? [{}] : [])],
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && { requestBody: requestBody(id, operation.body) }),
    responses: Object.fromEntries([
      [success.status, answer(success)],
      ...[...FAILURES[tag], ...failures].sort((a, b) => a - b).map((status) => [status, failure(tag, status)] as const),
    ]),
  };
}

function parametersOf({ path, query = {} }: Operation): Schema[] {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    example: name === 'serviceId' ? EXAMPLE.serviceId : name === 'id' ? EXAMPLE.initialAccessTokenId : EXAMPLE.clientId,
  }));
  return [...inPath, ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema }))];
}

function requestBody(id: string, { schema, form = false }: NonNullable<Operation['body']>): Schema {
  const content = { schema: reference(schema), example: REQUEST_EXAMPLES[id] };
  return {
    required: true,
    content: { 'application/json': content, ...(form && { 'application/x-www-form-urlencoded': content }) },
  };
}

function answer({ status, schema, type = 'application/json' }: Operation['success']): Schema {
  const content = schema === undefined ? { type: 'string' } : reference(schema);
  return {
    description: MEANING[status],
    ...(status !== 204 && { content: { [type]: { schema: content } } }),
  };
}

function failure(tag: Tag, status: number): Schema {
  if (tag === 'Operation') {
    return status === 500 ? answer({ status, type: 'text/plain' }) : answer({ status, schema: 'Health' });
  }
  if (tag === 'Protocol plane') return answer({ status, schema: 'Error' });
  return answer({ status, schema: status >= 500 ? 'RegistrationResponse' : 'ApiError' });
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function schemas(): Readonly<Record<string, Schema>> {
  const text = { type: 'string' };
  const integer = { type: 'integer', minimum: 0 };
  const settings = dtoSchema(ServiceSettingsDto, {
    supportedScopes: ScopeDto,
    softwareStatementIssuers: SoftwareStatementIssuerDto,
  });
  const initialAccessToken = {
    type: 'object',
    required: ['id', 'createdAt', 'expiresAt', 'uses', 'usesLeft'],
    properties: { id: integer, label: text, createdAt: integer, expiresAt: integer, uses: integer, usesLeft: integer },
  };
  return {
    RegisterRequest: dtoSchema(ApiServiceIdClientRegistration),
    GetRequest: dtoSchema(ApiServiceIdClientRegistrationGet),
    UpdateRequest: dtoSchema(ApiServiceIdClientRegistrationUpdate),
    ExplainRequest: dtoSchema(ApiServiceIdClientRegistrationExplain),
    Explanation: explanationSchema(),
    DeleteRequest: dtoSchema(ApiServiceIdClientRegistrationDelete),
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
          description: 'The JSON text with which to answer the client application: client information, or an error.',
        },
        client: reference('Client'),
      },
    },
    Client: clientSchema(),
    ApiError: {
      type: 'object',
      required: ['resultCode', 'resultMessage'],
      properties: { resultCode: text, resultMessage: text },
    },
    ServiceSettings: settings,
    Service: {
      allOf: [reference('ServiceSettings')],
      type: 'object',
      required: ['apiKey', 'number', 'createdAt', 'modifiedAt'],
      properties: { apiKey: integer, number: integer, createdAt: integer, modifiedAt: integer },
    },
    CreateInitialAccessToken: dtoSchema(CreateInitialAccessTokenDto),
    InitialAccessToken: initialAccessToken,
    CreatedInitialAccessToken: {
      allOf: [reference('InitialAccessToken')],
      type: 'object',
      required: ['initialAccessToken'],
      properties: { initialAccessToken: text },
    },
    InitialAccessTokens: {
      type: 'object',
      required: ['initialAccessTokens'],
      properties: { initialAccessTokens: { type: 'array', items: reference('InitialAccessToken') }, next: integer },
    },
    ClientMetadata: clientMetadataSchema(),
    ClientUpdate: {
      description: 'The metadata that replaces all that was registered (RFC 7592 section 2.2).',
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
      properties: { openapi: text, info: { type: 'object' }, paths: { type: 'object' } },
    },
  };
}
