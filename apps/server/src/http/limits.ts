import { LIMITS } from '@clientele/model/metadata';

/** Bytes of a request body. The longest metadata that is accepted fits in, however it is escaped. */
export const BODY_LIMIT = 640 * 1024;

/** Bytes of a request body on the protocol plane: client metadata as it is, a character has at most three bytes. */
export const METADATA_BODY_LIMIT = 3 * LIMITS.json;

/** Milliseconds in which a request must have arrived. */
export const REQUEST_TIMEOUT = 30_000;

/** Milliseconds in which the headers of a request must have arrived. */
export const HEADERS_TIMEOUT = 10_000;

/** Milliseconds between two looks for connections that are too slow. */
export const CONNECTIONS_CHECK_INTERVAL = 1_000;

/** Milliseconds that requests under way are given to end when the server is told to stop. */
export const SHUTDOWN_GRACE = 5_000;

/** Seconds after which a caller may try again when the store is unavailable. */
export const RETRY_AFTER = 1;
