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

All settings come from the environment. A wrong or misspelt one ends the server before it listens, with a line that names it
and what is expected, or the nearest right name. ${SECRETS.map(code).join(', ')} can also be given as the path of a file, in
\`NAME_FILE\`.

${table(['name', 'default', 'meaning', 'must be'], rows)}

On an empty store the server makes a first service, whose clients may register dynamically, and an API access token with
every right, and prints both once. Only the token's hash is kept.

The encryption key protects the client secrets in the store. Keep it with, but not inside, your backups: without it they
cannot be read.
`;
}

/** What the setting's validation says. */
function expectationOf(name: string): string {
  const messages = getMetadataStorage()
    .getTargetValidationMetadatas(Settings, '', true, false)
    .filter(({ propertyName }) => propertyName === name)
    .map(({ message }) => message)
    .filter((message) => typeof message === 'string');
  return [...new Set(messages)].join('; ');
}
