import { fileURLToPath } from 'node:url';
import { FIELDS, ISSUED_MEMBERS, type AnyField } from '@clientele/model/metadata';
import { commentsOf } from './jsdoc.ts';
import { code, labelOf, table } from './markdown.ts';

const SOURCE = fileURLToPath(new URL('../../libs/model/src/metadata/client-metadata.ts', import.meta.url));

const RP_METADATA_CHOICES = 'https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html';

const KINDS: Readonly<Record<AnyField['kind'], string>> = {
  text: 'string',
  texts: 'list of strings',
  uri: 'URI',
  uris: 'list of URIs',
  flag: 'boolean',
  seconds: 'seconds',
  choice: 'one of',
  choices: 'list of',
  scope: 'scope tokens',
  keys: 'JWK Set',
  object: 'JSON object',
};

export function clientMetadataPage(): string {
  const sentences = commentsOf(SOURCE, 'CLIENT_METADATA');
  const rows = FIELDS.map(([name, field]) => [
    code(field.localizable === undefined ? name : `${name}[#tag]`),
    typeOf(field),
    `[${labelOf(field.spec)}](${field.spec})`,
    defaultOf(field),
    code(field.property),
    sentences.get(name) ?? '',
  ]);
  const choosable = FIELDS.filter(([, { alternatives }]) => alternatives !== undefined).map(
    ([name, { alternatives }]) => [code(alternatives!), code(name)],
  );
  const issued = Object.entries(ISSUED_MEMBERS).map(([name, spec]) => [code(name), `[${labelOf(spec)}](${spec})`]);
  return `# Client metadata

Clients can register these ${FIELDS.length} members; others are ignored. Members with \`[#tag]\` may have several languages, such as
\`client_name#ja\` (RFC 7591 section 2.2). The error of an invalid value is \`invalid_client_metadata\`; of one in
\`redirect_uris\` it is \`invalid_redirect_uri\`, and of one in a software statement \`invalid_software_statement\`.

${table(['member', 'value', 'specification', 'default', "property of Authlete's Client", 'meaning'], rows)}

## Members that the client may leave to the server

A client can list the values of a member that it accepts, the preferred one first ([OpenID Connect Relying Party Metadata
Choices](${RP_METADATA_CHOICES})). The server registers the first supported value that fits the rest of the metadata. If the
request also contains a single value, it must be in the list and is registered. Responses contain the chosen value, never the list.

${table(['list', 'chosen member'], choosable)}

## Members that only the server sets

${table(['member', 'specification'], issued)}
`;
}

function typeOf(field: AnyField): string {
  const values = field.values?.map(code).join(', ') ?? '';
  return `${KINDS[field.kind]} ${values}`.trim();
}

function defaultOf({ default: value }: AnyField): string {
  if (value === undefined) return '';
  return typeof value === 'function' ? 'depends on other members' : code(String(value));
}
