import { code, escape, folded, linkTo, prose, table } from './html.ts';
import type { Schema } from './metadata-schema.ts';
import type { Operation } from './operation.ts';
import { referenceOf, schemaHtml, typeOf } from './schema-html.ts';
import { sdkCall } from './sdk-call.ts';

/** A body with more members is only linked. */
const MOST_MEMBERS = 20;

/** One operation: its credentials, parameters, body and responses, and a call with curl and with the SDK. */
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
  const call = sdkCall(operation);
  const head = `${code(`${method.toUpperCase()} ${path}`)} ${escape(summary)}`;
  return folded(
    operationId,
    head,
    [
      `<p>Credentials: ${credentials.length === 0 ? 'none' : credentials.map((name) => linkToCredential(name)).join(' or ')}</p>`,
      `<h4>Example with curl</h4><pre>${escape(curl(baseUrl, method, path, operation, bodyType))}</pre>`,
      call === undefined ? '' : `<h4>The same with the SDK</h4><pre>${escape(`await ${call};`)}</pre>`,
      parameters.length === 0 ? '' : '<h4>Parameters</h4>',
      table(
        ['parameter', 'type', 'description'],
        parameters.map((parameter) => [
          `${code(parameter.name)} (${parameter.in}${parameter.required === true ? ', required' : ''})`,
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
  return linkTo(idOfCredential(name), escape(name));
}

/** The variables of a shell with the values that getting started exports. */
const VARIABLES: Readonly<Record<string, string>> = {
  serviceId: 'SERVICE_ID',
  apiAccessToken: 'ACCESS_TOKEN',
  registrationAccessToken: 'REGISTRATION_ACCESS_TOKEN',
};

/** A call for a shell, with variables for the service and the credential. */
function curl(baseUrl: string, method: string, path: string, operation: Operation, bodyType: string): string {
  const { parameters = [], requestBody, security } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const url = inPath.reduce((text, { name, example }) => {
    const variable = VARIABLES[name];
    return text.replace(`{${name}}`, () => (variable === undefined ? String(example ?? name) : `$${variable}`));
  }, `${baseUrl}${path}`);
  const example = requestBody?.content[bodyType]?.example;
  const isOptional = security.some((alternative) => Object.keys(alternative).length === 0);
  const [credential] = isOptional ? [] : Object.keys(security[0] ?? {});
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "${url}"`,
    ...(credential === undefined ? [] : [`-H "Authorization: Bearer $${VARIABLES[credential] ?? credential}"`]),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: ${bodyType}'`, `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`]),
  ].join(' \\\n  ');
}
