import { fileURLToPath } from 'node:url';
import { getMetadataStorage } from 'class-validator';
import { SECRETS, Settings } from '../../apps/server/src/config/config.ts';
import { commentsOf } from './jsdoc.ts';
import { code, table } from './markdown.ts';

const SOURCE = fileURLToPath(new URL('../../apps/server/src/config/config.ts', import.meta.url));

export function configurationPage(): string {
  const defaults = new Settings() as unknown as Readonly<Record<string, string | number | undefined>>;
  const rows = [...commentsOf(SOURCE, 'Settings')].map(([name, sentence]) => [
    code(name),
    defaults[name] === undefined ? '' : code(String(defaults[name])),
    sentence,
    expectationOf(name),
  ]);
  return `# Configuration

Set these environment variables. If one is wrong or misspelt, the server stops before it listens, and names the variable and the
expected value or the nearest name. To read ${SECRETS.map(code).join(', ')} from
a file, set \`NAME_FILE\` to its path, for example \`ENCRYPTION_KEY_FILE\`.

${table(['name', 'default', 'meaning', 'must be'], rows)}

On an empty store, the server creates a service with dynamic registration and an API access token with every right. It prints both
once, and stores only the hash of the token.

The encryption key protects the stored client secrets. Keep it with your backups, but not inside: without it, client secrets cannot
be read.
`;
}

/** The messages of the validators of a setting. */
function expectationOf(name: string): string {
  const messages = getMetadataStorage()
    .getTargetValidationMetadatas(Settings, '', true, false)
    .filter(({ propertyName }) => propertyName === name)
    .map(({ message }) => message)
    .filter((message) => typeof message === 'string');
  return [...new Set(messages)].join('; ');
}
