import { fileURLToPath } from 'node:url';
import { getMetadataStorage } from 'class-validator';
import { Config } from '../../apps/server/src/config/config.ts';
import { SETTINGS } from '../../apps/server/src/config/setting.ts';
import { commentsOf } from './jsdoc.ts';
import { code, table } from './markdown.ts';

const SOURCE = fileURLToPath(new URL('../../apps/server/src/config/config.ts', import.meta.url));

export function configurationPage(): string {
  const comments = commentsOf(SOURCE, 'Config');
  const defaults = new Config() as unknown as Readonly<Record<string, unknown>>;
  const rows = SETTINGS.map(({ name, property }) => [
    code(name),
    defaultOf(defaults[property]),
    comments.get(property) ?? '',
    expectationOf(property),
  ]);
  const secrets = SETTINGS.filter(({ secret }) => secret).map(({ name }) => code(name));
  return `# Configuration

Set these environment variables. An empty value counts as unset. If a value is wrong, the server stops before it listens, and names
the variable and the expected value. A name that is similar to one of these is a warning in the log and in \`clientele doctor\`.

To read ${secrets.join(', ')} from
a file, set \`NAME_FILE\` to its path, for example \`ENCRYPTION_KEY_FILE\`. The file has at most 64 KiB.

${table(['name', 'default', 'meaning', 'must be'], rows)}

If \`HOST\` is \`0.0.0.0\` or \`::\`, \`BASE_URL\` must be set.

On an empty store, the server creates a service and an API access token with every right. It prints both, and [who may
register](protocol.md#who-may-register), once, and stores only the hash of the token.

The encryption key protects the stored client secrets. Keep it with your backups, but not inside: without it, client secrets cannot
be read.
`;
}

function defaultOf(value: unknown): string {
  return typeof value === 'object' || value === undefined ? '' : code(JSON.stringify(value).replaceAll('"', ''));
}

/** The messages of the validators of a setting. */
function expectationOf(property: string): string {
  const messages = getMetadataStorage()
    .getTargetValidationMetadatas(Config, '', true, false)
    .filter(({ propertyName }) => propertyName === property)
    .map(({ message }) => message)
    .filter((message) => typeof message === 'string');
  return [...new Set(messages)].join('; ');
}
