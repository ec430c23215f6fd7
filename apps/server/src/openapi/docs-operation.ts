import { code, escape, folded, prose, table } from './html.ts';
import type { Schema } from './metadata-schema.ts';
import { referenceOf, schemaHtml, typeOf } from './schema-html.ts';

/** A body with more members is only linked. */
const MOST_MEMBERS = 20;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string | number;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

/** An operation of an OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** One operation: its credentials, parameters, body and responses, and a call with curl. */
export function operationHtml(
  method: string,
  path: string,
  operation: Operation,
  { baseUrl, schemas }: { readonly baseUrl: string; readonly schemas: Readonly<Record<string, Schema>> },
): string {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation;
  const credentials = security.flatMap((alternative) => Object.keys(alternative));
  const contents = Object.entries(requestBody?.content ?? {});
  const [bodyType = '', body] = contents[0] ?? [];
  const head = `${code(`${method.toUpperCase()} ${path}`)} ${escape(summary)}`;
  return folded(
    operationId,
    head,
    [
      `<p>Credentials: ${credentials.length === 0 ? 'none' : credentials.map((name) => linkToCredential(name)).join(' or ')}</p>`,
      table(
        ['parameter', 'in', 'type', 'description'],
        parameters.map((parameter) => [
          code(parameter.name) + (parameter.required === true ? ' (required)' : ''),
          parameter.in,
          typeOf(parameter.schema),
          prose(parameter.description ?? ''),
        ]),
      ),
      body === undefined
        ? ''
        : `<h4>Body</h4><p>${contents.map(([type]) => code(type)).join(' or ')}: ${typeOf(body.schema)}</p>`,
      body === undefined ? '' : membersOf(body.schema, schemas),
      '<h4>Responses</h4>',
      table(
        ['status', 'meaning', 'body'],
        Object.entries(responses).map(([status, { description, content = {} }]) => [
          status,
          prose(description),
          Object.values(content)
            .map(({ schema }) => typeOf(schema))
            .join(' or '),
        ]),
      ),
      `<h4>Example</h4><pre>${escape(curl(baseUrl, method, path, operation, bodyType))}</pre>`,
    ].join(''),
  );
}

/** The members of a body, unless they would hide the rest of the operation. */
function membersOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): string {
  const resolved = schemas[referenceOf(schema) ?? ''] ?? schema;
  return Object.keys(resolved.properties ?? {}).length > MOST_MEMBERS ? '' : schemaHtml(resolved);
}

export function idOfCredential(name: string): string {
  return `credential-${name}`;
}

function linkToCredential(name: string): string {
  return `<a href="#${escape(idOfCredential(name))}">${escape(name)}</a>`;
}

/** A call for a shell. `TOKEN` is the credential. */
function curl(baseUrl: string, method: string, path: string, operation: Operation, bodyType: string): string {
  const { parameters = [], requestBody, security } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const url = inPath.reduce(
    (text, { name, example }) => text.replace(`{${name}}`, String(example ?? name)),
    `${baseUrl}${path}`,
  );
  const example = requestBody?.content[bodyType]?.example;
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${url}'`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: ${bodyType}'`, `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`]),
  ].join(' \\\n  ');
}
