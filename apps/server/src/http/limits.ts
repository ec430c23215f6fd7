/** Bytes of a request body. The longest metadata that is accepted fits in, however it is escaped. */
export const BODY_LIMIT = 640 * 1024;

/** Milliseconds in which a request must have arrived. */
export const REQUEST_TIMEOUT = 30_000;

/** Milliseconds that requests under way are given to end when the server is told to stop. */
export const SHUTDOWN_GRACE = 5_000;
