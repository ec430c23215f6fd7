import type { SqlSession } from '../../database/database.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Harmful values of PostgreSQL settings: the finding and the effect. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, readonly [typeof failed, string]>>>> = {
  fsync: { off: [failed, 'a crash of its machine can destroy the store'] },
  synchronous_commit: {
    off: [failed, 'confirmed changes may be lost in a crash'],
    local: [warning, 'confirmed changes may be lost when a standby takes over'],
  },
  full_page_writes: { off: [warning, 'a crash can corrupt pages, unless the file system prevents it'] },
  default_transaction_read_only: { on: [failed, 'nothing can be registered'] },
};

/** Checks that PostgreSQL accepts writes and does not lose them. */
export async function checkDurability(session: SqlSession): Promise<readonly Finding[]> {
  const names = [...Object.keys(SETTINGS), 'server_version'];
  const rows = await session.query(
    `SELECT name, setting FROM pg_settings WHERE name IN (${names.map((name) => `'${name}'`).join(', ')}) ORDER BY name`,
  );
  const findings: Finding[] = [];
  for (const { name, setting } of rows) {
    const [finding, effect] = SETTINGS[String(name)]?.[String(setting)] ?? [];
    if (finding === undefined) continue;
    const message = `PostgreSQL has ${String(name)} = ${String(setting)}: ${effect}.`;
    findings.push(finding('durability', message, `Change ${String(name)}.`));
  }
  const [state] = await session.query('SELECT pg_is_in_recovery() AS standby');
  if (state?.standby) {
    findings.push(
      failed('durability', 'PostgreSQL is a standby: nothing can be registered.', 'Set DATABASE_URL to the primary.'),
    );
  }
  if (findings.length > 0) return findings;
  const version = rows.find(({ name }) => name === 'server_version')?.setting;
  return [ok('durability', `PostgreSQL ${String(version)} accepts writes, and flushes commits.`)];
}
