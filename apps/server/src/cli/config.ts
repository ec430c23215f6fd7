import { Command } from 'commander';
import { Config, printedSettings, type PrintedSetting } from '../config/config.ts';
import { keyFileOf, loadEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { redactedDatabaseUrl } from './database-url.ts';
import { reporting, type Result } from './result.ts';
import { columns } from './terminal.ts';

/** `clientele config`: the settings that a server with this environment has. */
export function configCommand(): Command {
  const print = new Command('print').description('show every setting, where it comes from, and no secret');
  return new Command('config').description('show the configuration').addCommand(reporting(print, printConfig));
}

function printConfig(): Promise<Result> {
  const config = Config.from(process.env);
  // On PostgreSQL this makes no key, and refuses to go on without one, as the server does.
  if (config.database.engine === 'postgresql') loadEncryptionKeys(config);
  const settings = printedSettings(process.env).map(({ secret, ...setting }) => ({
    ...setting,
    value: shownValue({ secret, ...setting }, config),
  }));
  return Promise.resolve({
    document: { settings },
    lines: columns(
      settings.map(({ name, value, source, file }) => [
        name,
        source === 'file' ? `file ${file ?? ''}` : source,
        String(value ?? '(not set)'),
      ]),
    ),
  });
}

/** The value that the server uses, without secrets; `null` if there is none. */
function shownValue({ name, value, secret }: PrintedSetting, config: Config): string | number | null {
  if (value === undefined) return derivedValue(name, config);
  if (name === 'DATABASE_URL') return redactedDatabaseUrl(String(value));
  return secret ? '[redacted]' : value;
}

/** The value that the server derives from other settings. */
function derivedValue(name: string, config: Config): string | null {
  const { database, port } = config;
  if (name === 'BASE_URL' && port !== 0) return new PublicUrls(config).baseUrl;
  if (name === 'DATABASE_URL' && database.engine === 'sqlite') return `sqlite:${database.path}`;
  if (name === 'ENCRYPTION_KEY' && database.engine === 'sqlite' && database.path !== ':memory:')
    return `[in ${keyFileOf(config)}]`;
  return null;
}
