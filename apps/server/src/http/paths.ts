/** The path below which client applications call the server. */
export const PROTOCOL_PATH = '/connect';

/** Authlete: the one path below `/api` that needs no API access token. */
export const HEALTHCHECK_PATH = '/api/lifecycle/healthcheck';

const PROTOCOL_PLANE = new RegExp(`^(?:${PROTOCOL_PATH}|/\\.well-known)/`);
const MONITORING = new RegExp(`^(?:/health/(?:live|ready)|/metrics|${HEALTHCHECK_PATH})(?:\\?|$)`);

/** Whether a path or URL belongs to the protocol plane, which responds with OAuth errors. */
export function isOfProtocolPlane(url: string): boolean {
  return PROTOCOL_PLANE.test(url);
}

/** Whether a path or URL belongs to the API plane, which responds with result codes. */
export function isOfApiPlane(url: string | undefined): boolean {
  return url?.startsWith('/api/') === true;
}

/** Whether orchestrators and monitoring call a path or URL every few seconds. */
export function isForMonitoring(url: string | undefined): boolean {
  return url !== undefined && MONITORING.test(url);
}
