import { LIMITS } from '@clientele/model/metadata';

/** Bytes of a request body. The longest accepted metadata fits, with any escapes. */
export const BODY_LIMIT = 640 * 1024;

/** Levels of nesting of a JSON body that is parsed. What a call accepts has fewer. */
export const DEEPEST_BODY = 1000;

/** Bytes of a request body on the protocol plane. A character of client metadata has at most three bytes. */
export const METADATA_BODY_LIMIT = 3 * LIMITS.json;

/** The part of the budget of bodies that one address can take, as a divisor. */
export const BODY_SHARES = 8;

/** Open connections of the management port, in total and from one address. */
export const MANAGEMENT_CONNECTIONS = { most: 128, mostPerAddress: 32 } as const;

/** Requests of one connection without a complete response. A caller that does not pipeline has one. */
export const MOST_PIPELINED = 4;

/** Milliseconds for which a caller may read nothing of a response. Node.js may wait twice as long. */
export const UNREAD_TIMEOUT = 30_000;

/** Characters of all responses that callers have not read yet. */
export const MOST_UNREAD = 64 * 1024 * 1024;

/** Bytes of a request body on the management port, where no call has a body. */
export const MANAGEMENT_BODY_LIMIT = 1024;

/** Milliseconds between two searches for slow connections. */
export const CONNECTIONS_CHECK_INTERVAL = 1_000;

/** Milliseconds for which a stopping server accepts the connections that wait. */
export const ACCEPT_GRACE = 2_000;

/** Milliseconds of a turn of the event loop that is too short for connections to arrive during it. */
export const SHORT_TURN = 0.1;

/** Milliseconds for which an idle connection may bring one more request while the server stops. */
export const IDLE_GRACE = 1_000;

/** Milliseconds for requests in progress to end while the server stops. */
export const SHUTDOWN_GRACE = 5_000;

/** Milliseconds after `SHUTDOWN_DELAY` within which the server must stop. */
export const STOP_LIMIT = 11_000;

/** Seconds after which a caller may repeat a request that was refused because of overload or an unavailable store. */
export const RETRY_AFTER = 1;
