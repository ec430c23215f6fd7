import type { LoggerService } from '@nestjs/common';
import type { DatabaseConfig } from '../config/config.ts';
import { UnfinishedFile } from '../files/unfinished-file.ts';
import type { Database } from './database.ts';
import type { Migration, Schema } from './schema.ts';
import { openSqlite } from './sqlite-driver.ts';
import { asStoreError } from './sqlite-errors.ts';

/**
 * Applies all pending migrations, with one line for each. An embedded store that has a schema is copied first; if that fails, nothing
 * is migrated. The lines about an existing store are warnings, because they matter in every log.
 */
export async function migrateStore(
  config: DatabaseConfig,
  database: Database,
  schema: Schema,
  logger: Pick<LoggerService, 'log' | 'warn'>,
  { copies = true }: { readonly copies?: boolean } = {},
): Promise<readonly Migration[]> {
  const { applied, pending } = await database.changeSchema((session) => schema.status(session));
  const current = applied.at(-1)?.version;
  const isChanged = current !== undefined && pending.length > 0;
  if (isChanged && copies && config.engine === 'sqlite') {
    const copy = `${config.path}.v${current}.bak`;
    await copyStore(config.path, copy);
    logger.warn(`The store was copied to ${copy} before its migration.`);
  }
  const lines: string[] = [];
  const migrated = await schema.migrate(database, ({ version, name }, milliseconds) => {
    lines.push(`version ${version}  applied: ${name} (${milliseconds} ms)`);
  });
  // After the commit, because before it nothing is applied.
  for (const line of lines) logger[isChanged ? 'warn' : 'log'](line);
  return migrated;
}

async function copyStore(from: string, to: string): Promise<void> {
  const file = UnfinishedFile.create(to, { replace: true });
  try {
    // Read-only, because a second connection that checkpoints would be a second writer.
    const store = await openSqlite(from, { readOnly: true });
    try {
      store.prepare('VACUUM INTO ?').run(file.path);
    } finally {
      store.close();
    }
    file.finish();
  } catch (error) {
    file.discard();
    throw asStoreError(error);
  }
}
