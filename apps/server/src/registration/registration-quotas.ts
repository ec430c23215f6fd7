import { Injectable } from '@nestjs/common';
import type { Provenance } from '../clients/client.ts';
import { Config } from '../config/config.ts';
import { Database, type Statement } from '../database/database.ts';
import { QuotaError } from '../http/quota-error.ts';
import type { Service } from '../services/service.ts';

const DAY = 86_400_000;

export const NO_UPDATES: Provenance['updates'] = { day: 0, count: 0 };

/** Counts a registration unless the limit is reached. A server whose clock is behind counts on the day of the others. */
const COUNT = `
  INSERT INTO open_registration_count (service_id, day, registrations) VALUES ($1, $2, 1)
  ON CONFLICT (service_id) DO UPDATE
  SET registrations = CASE WHEN open_registration_count.day < excluded.day THEN 1 ELSE open_registration_count.registrations + 1 END,
    day = CASE WHEN open_registration_count.day < excluded.day THEN excluded.day ELSE open_registration_count.day END
  WHERE open_registration_count.day < excluded.day OR open_registration_count.registrations < $3`;

const FIND = 'SELECT registrations FROM open_registration_count WHERE service_id = $1 AND day >= $2';

/**
 * Limits what client applications can write in a day (UTC), so that a stranger cannot fill the disk: registrations without an initial
 * access token on the protocol plane, by service, and updates, by client. 0 means no limit.
 */
@Injectable()
export class RegistrationQuotas {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /** The required statement that counts a registration, if the registrations are limited. */
  statements({ apiKey }: Service, now: number): readonly Statement[] {
    const { openRegistrationsPerDay: limit } = this.config;
    return limit === 0 ? [] : [{ sql: COUNT, values: [apiKey, dayOf(now), limit], required: true }];
  }

  /** Throws `QuotaError` if no more clients can be registered today. */
  async check({ apiKey }: Service, now: number): Promise<void> {
    const { openRegistrationsPerDay: limit } = this.config;
    if (limit === 0) return;
    const [row] = await this.database.read({ sql: FIND, values: [apiKey, dayOf(now)] });
    if (Number(row?.registrations ?? 0) >= limit)
      throw new QuotaError('openRegistrationsExceeded', limit, untilTomorrow(now));
  }

  /** Throws `QuotaError` if the client has reached its updates for today. */
  checkUpdates({ updates }: Provenance, now: number): void {
    const { updatesPerClientPerDay: limit } = this.config;
    if (limit === 0 || updates.day !== dayOf(now) || updates.count < limit) return;
    throw new QuotaError('clientUpdatesExceeded', limit, untilTomorrow(now));
  }
}

/** The updates after one more. */
export function countedUpdate({ day, count }: Provenance['updates'], now: number): Provenance['updates'] {
  const today = dayOf(now);
  return { day: today, count: day === today ? count + 1 : 1 };
}

function dayOf(now: number): number {
  return Math.floor(now / DAY);
}

/** Seconds until the next day begins. */
function untilTomorrow(now: number): number {
  return Math.ceil(((dayOf(now) + 1) * DAY - now) / 1000);
}
