import { ApiError, Clientele, type ClienteleOptions } from '../src/index.ts';

export const ACCESS_TOKEN = 'canary-api-access-token';
export const REGISTRATION_TOKEN = 'canary-registration-access-token';
export const CLIENT_SECRET = 'canary-client-secret';

/** The arguments of one call of `fetch`, and its headers and body parsed. */
export interface Sent {
  url: string;
  init: RequestInit;
  headers: Headers;
  body: unknown;
}

/** How a fake fetch handles one request: it returns this response, throws this error or calls this function. */
export type Step = Response | Error | ((init: RequestInit) => Promise<Response>);

/** Creates a fetch that takes one step for each request and records the request. A request without a step fails. */
export function fakeFetch(...steps: Step[]) {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init, headers: new Headers(init.headers), body: bodyOf(init) });
    const step = steps[sent.length - 1];
    if (step === undefined) throw new Error('The test expects fewer requests.');
    if (step instanceof Error) throw step;
    return typeof step === 'function' ? await step(init) : step;
  };
  return { fetch, sent };
}

function bodyOf({ body }: RequestInit): unknown {
  return typeof body === 'string' ? JSON.parse(body) : body;
}

/** Never responds. Rejects with the reason of the signal when it is aborted, as `fetch` does. */
export function noResponse({ signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

export function createClientele(fetch: ClienteleOptions['fetch'], options: Partial<ClienteleOptions> = {}): Clientele {
  return new Clientele({
    baseUrl: 'https://api.example',
    serviceId: 715948317,
    accessToken: ACCESS_TOKEN,
    fetch,
    ...options,
  });
}

export function respond(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = typeof body === 'string' || body === null ? body : JSON.stringify(body);
  return new Response(text, { status, headers });
}

/** A client information response (RFC 7591 section 3.2.1). */
export const INFORMATION = {
  client_id: '904520',
  client_secret: CLIENT_SECRET,
  client_id_issued_at: 1_641_735_467,
  client_secret_expires_at: 0,
  registration_access_token: REGISTRATION_TOKEN,
  registration_client_uri: 'https://as.example/register/904520',
  client_name: 'My client',
  'client_name#ja': 'クライアント',
};

/** The properties of Authlete's `Client` that the tests read, for the same client. */
export const CLIENT = { clientId: 904520, clientName: 'My client', clientSecret: CLIENT_SECRET };

export const ERROR = { error: 'invalid_redirect_uri', error_description: '[A031210] No fragment, please.' };

/** The response body of a registration call with this action. `members` are added to it or replace its members. */
export function envelope(action: string, members: Record<string, unknown> = {}): Record<string, unknown> {
  return { resultCode: 'A000000', resultMessage: '[A000000] Text.', action, ...contentOf(action), ...members };
}

function contentOf(action: string): Record<string, unknown> {
  if (action === 'DELETED') return {};
  if (['CREATED', 'OK', 'UPDATED'].includes(action))
    return { responseContent: JSON.stringify(INFORMATION), client: CLIENT };
  return { responseContent: JSON.stringify(ERROR) };
}

/** The error of a call after a response with this status. */
export function apiError(status: number, retryAfterMs?: number, body: unknown = ''): ApiError {
  const headers = new Headers();
  return new ApiError('No.', { status, headers, body, requestId: undefined, retryAfterMs, attempts: 1 });
}

/** Returns the reason with which a promise is rejected. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise was not rejected.');
}

/** Returns an error and its chain of causes, the outermost error first. */
export function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
