import { Command } from 'commander';
import { Config, printedSettings, type PrintedSetting } from '../config/config.ts';
import { keyFileOf, loadEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { REDACTED } from '../observability/redaction.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { redactedDatabaseUrl } from './database-url.ts';
import { withAction, type Result } from './result.ts';
import { columns } from './terminal.ts';

/** `clientele config`: shows the settings of a server with this environment. */
export function configCommand(): Command {
  const print = new Command('print').description('show every setting and its source, without secrets');
  return new Command('config').description('show the configuration').addCommand(withAction(print, printConfig));
}

function printConfig(): Promise<Result> {
  const config = Config.forServer(process.env);
  // On PostgreSQL this creates no key, but throws if there is none, as at the start of a server.
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

/** The effective value, without secrets; `null` if there is none. */
function shownValue({ name, value, secret }: PrintedSetting, config: Config): string | number | null {
  if (value === undefined) return derivedValue(name, config);
  if (name === 'DATABASE_URL') return redactedDatabaseUrl(String(value));
  return secret ? REDACTED : value;
}

/** The default that depends on other settings. */
function derivedValue(name: string, config: Config): string | null {
  const { database, port } = config;
  if (name === 'BASE_URL' && port !== 0) return new PublicUrls(config).baseUrl;
  if (name === 'DATABASE_URL' && database.engine === 'sqlite') return `sqlite:${database.path}`;
  if (name === 'ENCRYPTION_KEY' && database.engine === 'sqlite' && database.path !== ':memory:')
    return `[in ${keyFileOf(config)}]`;
  return null;
}
