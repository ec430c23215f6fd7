import type { SqlSession } from '../../database/database.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Of a server whose `setting` is one of these: what it means, and how bad it is. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, readonly ['failed' | 'warning', string]>>>> = {
  fsync: { off: ['failed', 'a crash of its machine can destroy the store'] },
  synchronous_commit: {
    off: ['failed', 'what was answered may be lost in a crash'],
    local: ['warning', 'what was answered may be lost when a standby takes over'],
  },
  full_page_writes: { off: ['warning', 'a crash can tear pages, unless the file system cannot'] },
  default_transaction_read_only: { on: ['failed', 'nothing can be registered'] },
};

/** Whether what PostgreSQL has committed stays, and whether it takes writes at all. */
export async function checkDurability(session: SqlSession): Promise<readonly Finding[]> {
  const names = [...Object.keys(SETTINGS), 'server_version'];
  const rows = await session.query(
    `SELECT name, setting FROM pg_settings WHERE name IN (${names.map((name) => `'${name}'`).join(', ')}) ORDER BY name`,
  );
  const findings: Finding[] = [];
  for (const { name, setting } of rows) {
    const [result, meaning] = SETTINGS[String(name)]?.[String(setting)] ?? [];
    if (result === undefined) continue;
    const judge = result === 'failed' ? failed : warning;
    findings.push(
      judge(
        'durability',
        `PostgreSQL has ${String(name)} = ${String(setting)}: ${meaning}.`,
        `Change ${String(name)}.`,
      ),
    );
  }
  const [state] = await session.query('SELECT pg_is_in_recovery() AS standby');
  if (state?.standby) {
    findings.push(
      failed(
        'durability',
        'PostgreSQL is a standby: nothing can be registered.',
        'Let DATABASE_URL lead to the primary.',
      ),
    );
  }
  if (findings.length > 0) return findings;
  const version = rows.find(({ name }) => name === 'server_version')?.setting;
  return [ok('durability', `PostgreSQL ${String(version)} flushes what it commits, and takes writes.`)];
}
