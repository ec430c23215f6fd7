import type { Service } from '../../services/service.ts';
import type { SqlSession } from '../../database/database.ts';
import type { FetchedDocument } from '../fetch-document.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Seconds of difference between clocks above which a finding is a warning or a failure (tokens expire wrongly). */
const WARNING = 2;
const FAILURE = 30;

/** The largest number of services whose newest client is checked. */
const SERVICES = 20;

const ADVICE = 'Synchronize the clocks of both machines with NTP.';

/** Compares the clocks of this machine and of PostgreSQL. */
export async function checkClockOf(session: SqlSession): Promise<Finding> {
  const sentAt = Date.now();
  const [row] = await session.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
  return clockFinding("PostgreSQL's", Number(row?.now) - (sentAt + Date.now()) / 2);
}

/** The finding for a clock that is ahead of this machine's by a number of milliseconds. */
export function clockFinding(otherClock: string, milliseconds: number): Finding {
  const seconds = Math.abs(milliseconds) / 1000;
  const message = `The clock of this machine and ${otherClock} differ by ${seconds.toFixed(1)} s.`;
  if (seconds <= WARNING) return ok('clock', message);
  return (seconds <= FAILURE ? warning : failed)('clock', message, ADVICE);
}

/** Compares the clocks of this machine and of a server that has responded. `place`: where the server is. */
export function checkDateOf(place: string, { headers, sentAt, receivedAt }: FetchedDocument): Finding {
  const date = Date.parse(headers.get('date') ?? '');
  const otherClock = `that of the server at ${place}`;
  if (Number.isNaN(date))
    return warning(
      'clock',
      `The clock of this machine and ${otherClock} cannot be compared.`,
      'Configure the proxy to pass Date.',
    );
  // Date has whole seconds, and its time is between the request and the response.
  return clockFinding(otherClock, Math.max(sentAt - (date + 999), date - receivedAt, 0));
}

/** Checks that the store contains no future times, which a wrong clock causes. */
export async function checkStoredTimes(session: SqlSession, services: readonly Service[]): Promise<Finding> {
  const times = [0, ...services.map(({ modifiedAt }) => modifiedAt)];
  const [token] = await session.query('SELECT MAX(created_at) AS newest FROM api_access_token');
  times.push(Number(token?.newest ?? 0));
  for (const { apiKey } of services.slice(0, SERVICES)) {
    // Client IDs are ordered by time, so the primary key finds the newest client.
    const [client] = await session.query(
      'SELECT created_at FROM client WHERE service_id = $1 ORDER BY client_id DESC LIMIT 1',
      [apiKey],
    );
    times.push(Number(client?.created_at ?? 0));
  }
  const ahead = (times.reduce((latest, time) => Math.max(latest, time)) - Date.now()) / 1000;
  if (ahead <= WARNING) return ok('clock', 'The store contains no future times.');
  return failed(
    'clock',
    `The store contains a time ${ahead.toFixed(1)} s in the future: a clock is or was wrong.`,
    ADVICE,
  );
}
