import { LIMITS } from '@clientele/model/metadata';

/** Bytes of a request body. The longest metadata that is accepted fits in, however it is escaped. */
export const BODY_LIMIT = 640 * 1024;

/** Bytes of a request body on the protocol plane: client metadata as it is, a character has at most three bytes. */
export const METADATA_BODY_LIMIT = 3 * LIMITS.json;

/** Milliseconds between two looks for connections that are too slow. */
export const CONNECTIONS_CHECK_INTERVAL = 1_000;

/** Milliseconds that a connection without a request is given to bring one more when the server is told to stop. */
export const IDLE_GRACE = 1_000;

/** Milliseconds that requests under way are given to end when the server is told to stop. */
export const SHUTDOWN_GRACE = 5_000;

/** Milliseconds that stopping may take altogether, after `SHUTDOWN_DELAY`. */
export const STOP_LIMIT = 9_000;

/** Seconds after which a caller may try again when the store is unavailable, or there are too many requests. */
export const RETRY_AFTER = 1;
