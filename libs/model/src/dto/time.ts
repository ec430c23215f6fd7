/** September 2001 in milliseconds since 1970. A smaller number is a time in seconds by mistake. */
export const EARLIEST = 1_000_000_000_000;
