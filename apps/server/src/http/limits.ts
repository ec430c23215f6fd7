/** Bytes of a request body. The longest metadata that is accepted fits in, however it is escaped. */
export const BODY_LIMIT = 512 * 1024;

/** Milliseconds in which a request must have arrived. */
export const REQUEST_TIMEOUT = 30_000;
