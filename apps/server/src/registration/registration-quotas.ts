import { Injectable } from '@nestjs/common';
import type { Provenance } from '../clients/client.ts';
import { Config } from '../config/config.ts';
import { Database, type Statement } from '../database/database.ts';
import { QuotaError } from '../http/quota-error.ts';
import type { Service } from '../services/service.ts';

const DAY = 86_400_000;

export const NO_UPDATES: Provenance['updates'] = { day: 0, count: 0 };

/** An operation of a client without an initial access token on the protocol plane. */
type OpenOperation = 'registration' | 'update';

/** A later day than tomorrow is that of a clock that was ahead. */
const HAS_PASSED = '(open_operation_count.day < excluded.day OR open_operation_count.day > excluded.day + 1)';

/** Counts an operation unless its limit is reached. A server whose clock is behind counts on the day of the others. */
const COUNT = `
  INSERT INTO open_operation_count (service_id, operation, day, operations) VALUES ($1, $2, $3, 1)
  ON CONFLICT (service_id, operation) DO UPDATE
  SET operations = CASE WHEN ${HAS_PASSED} THEN 1 ELSE open_operation_count.operations + 1 END,
    day = CASE WHEN ${HAS_PASSED} THEN excluded.day ELSE open_operation_count.day END
  WHERE ${HAS_PASSED} OR open_operation_count.operations < $4`;

const FIND = `
  SELECT operations FROM open_operation_count
  WHERE service_id = $1 AND operation = $2 AND day >= $3 AND day <= $3 + 1`;

/**
 * Limits what client applications can write in a day (UTC), so that a stranger cannot fill the disk: the updates by one client, and
 * for each service, the registrations and updates of clients without an initial access token on the protocol plane. 0 means no limit.
 */
@Injectable()
export class RegistrationQuotas {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /** The required statement that counts an operation, if it is limited. */
  statements(operation: OpenOperation, { apiKey }: Service, now: number): readonly Statement[] {
    const { limit } = this.limitOf(operation);
    return limit === 0 ? [] : [{ sql: COUNT, values: [apiKey, operation, dayOf(now), limit], required: true }];
  }

  /** Throws `QuotaError` if the operation is not possible any more today. */
  async check(operation: OpenOperation, { apiKey }: Service, now: number): Promise<void> {
    const { limit, result } = this.limitOf(operation);
    if (limit === 0) return;
    const [row] = await this.database.read({ sql: FIND, values: [apiKey, operation, dayOf(now)] });
    if (Number(row?.operations ?? 0) >= limit) throw new QuotaError(result, limit, untilTomorrow(now));
  }

  /** Throws `QuotaError` if the client has reached its updates for today. */
  checkUpdates({ updates }: Provenance, now: number): void {
    const { updatesPerClientPerDay: limit } = this.config;
    if (limit === 0 || updates.day !== dayOf(now) || updates.count < limit) return;
    throw new QuotaError('clientUpdatesExceeded', limit, untilTomorrow(now));
  }

  private limitOf(operation: OpenOperation) {
    const { openRegistrationsPerDay, openUpdatesPerDay } = this.config;
    return operation === 'registration'
      ? ({ limit: openRegistrationsPerDay, result: 'openRegistrationsExceeded' } as const)
      : ({ limit: openUpdatesPerDay, result: 'openUpdatesExceeded' } as const);
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
