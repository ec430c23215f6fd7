import { Clientele, type ClienteleOptions } from '../src/index.ts';

export const ACCESS_TOKEN = 'canary-api-access-token';
export const REGISTRATION_TOKEN = 'canary-registration-access-token';
export const CLIENT_SECRET = 'canary-client-secret';

/** A request as `fetch` was given it. */
export interface Sent {
  url: string;
  init: RequestInit;
  headers: Headers;
  body: unknown;
}

/** What a fake fetch does with one request: answer, or fail. */
export type Step = Response | Error | ((init: RequestInit) => Promise<Response>);

/** A fetch that takes one step for each request and notes what it was sent. Past the last step it fails the test. */
export function fakeFetch(...steps: Step[]) {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init, headers: new Headers(init.headers), body: JSON.parse(init.body as string) as unknown });
    const step = steps[sent.length - 1];
    if (step === undefined) throw new Error('There was one request more than expected.');
    if (step instanceof Error) throw step;
    return typeof step === 'function' ? await step(init) : step;
  };
  return { fetch, sent };
}

/** Answers never, and fails as `fetch` does when its signal fires. */
export function silence({ signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

export function clienteleWith(fetch: ClienteleOptions['fetch'], options: Partial<ClienteleOptions> = {}): Clientele {
  return new Clientele({
    baseUrl: 'https://api.example',
    serviceId: 715948317,
    accessToken: ACCESS_TOKEN,
    fetch,
    ...options,
  });
}

export function respond(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
}

/** A client information response with little registered. */
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

/** Authlete's object of the same client, as far as the tests care. */
export const CLIENT = { clientId: 904520, clientName: 'My client', clientSecret: CLIENT_SECRET };

export const ERROR = { error: 'invalid_redirect_uri', error_description: '[A031210] No fragment, please.' };

/** The answer of a registration call with this action; `members` are added or take the place of what it has. */
export function envelope(action: string, members: Record<string, unknown> = {}): Record<string, unknown> {
  return { resultCode: 'A000000', resultMessage: '[A000000] Text.', action, ...contentOf(action), ...members };
}

function contentOf(action: string): Record<string, unknown> {
  if (action === 'DELETED') return {};
  if (['CREATED', 'OK', 'UPDATED'].includes(action))
    return { responseContent: JSON.stringify(INFORMATION), client: CLIENT };
  return { responseContent: JSON.stringify(ERROR) };
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise was to be rejected.');
}

/** The errors of a chain of causes, the outermost first. */
export function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
