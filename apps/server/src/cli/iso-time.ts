/** A time in milliseconds since 1970, in ISO 8601; `null` without a time. */
export function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
