import type { Service } from '../../services/service.ts';
import type { SqlSession } from '../../database/database.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Seconds by which two clocks may differ: beyond the first, it is worth knowing; beyond the second, tokens expire wrongly. */
const NOTABLE = 2;
const HARMFUL = 30;

/** Services whose newest client is looked at. */
const SERVICES = 20;

const ADVICE = 'Have both machines keep their time by NTP.';

/** Compares the clock of this machine with that of PostgreSQL. */
export async function checkClockOf(session: SqlSession): Promise<Finding> {
  const asked = Date.now();
  const [row] = await session.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
  return judgeClock("PostgreSQL's", Number(row?.now) - (asked + Date.now()) / 2);
}

/** The finding for a clock that is so many milliseconds ahead of this machine's. */
export function judgeClock(whose: string, milliseconds: number): Finding {
  const seconds = Math.abs(milliseconds) / 1000;
  const seen = `The clock of this machine and ${whose} differ by ${seconds.toFixed(1)} s.`;
  if (seconds <= NOTABLE) return ok('clock', seen);
  return (seconds <= HARMFUL ? warning : failed)('clock', seen, ADVICE);
}

/** Whether something in the store is of the future: then a clock has gone back, or was wrong. */
export async function checkNewest(session: SqlSession, services: readonly Service[]): Promise<Finding> {
  const times = [0, ...services.map(({ modifiedAt }) => modifiedAt)];
  const [token] = await session.query('SELECT MAX(created_at) AS newest FROM api_access_token');
  times.push(Number(token?.newest ?? 0));
  for (const { apiKey } of services.slice(0, SERVICES)) {
    // Later clients have greater IDs: the last one of the primary key, however many there are.
    const [client] = await session.query(
      'SELECT created_at FROM client WHERE service_id = $1 ORDER BY client_id DESC LIMIT 1',
      [apiKey],
    );
    times.push(Number(client?.created_at ?? 0));
  }
  const ahead = (times.reduce((latest, time) => Math.max(latest, time)) - Date.now()) / 1000;
  if (ahead <= NOTABLE) return ok('clock', 'Nothing in the store is of the future.');
  return failed(
    'clock',
    `The store holds something that was made ${ahead.toFixed(1)} s in the future: a clock has gone back, or was wrong.`,
    ADVICE,
  );
}
