import type { FastifyBaseLogger } from 'fastify';
import type { ClockError } from '../database/clock.ts';

/** Milliseconds between two log lines. */
const INTERVAL = 60_000;

let reportedAt = -INTERVAL;

/** Logs that the clock is wrong: at most once a minute, because every registration fails. */
export function reportClock({ message }: ClockError, log: FastifyBaseLogger): void {
  const now = performance.now();
  if (now - reportedAt < INTERVAL) return;
  reportedAt = now;
  log.error(message);
}
