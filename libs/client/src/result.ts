import { ApiError } from './errors.ts';
import type {
  ClientInformation,
  CreatedResponse,
  DeletedResponse,
  ErrorAction,
  ErrorResponse,
  FoundResponse,
  RefusedResponse,
  RegistrationResponse,
  UpdatedResponse,
} from './models.ts';
import type { Answer } from './transport.ts';

interface Content<T> {
  /** The response content, parsed. */
  content: T;
}

/** The client was registered (RFC 7591 section 3.2.1). */
export type CreatedResult = CreatedResponse & Content<ClientInformation>;
/** The client is this one (RFC 7592 section 2.1). */
export type FoundResult = FoundResponse & Content<ClientInformation>;
/** The client was updated (RFC 7592 section 2.2). */
export type UpdatedResult = UpdatedResponse & Content<ClientInformation>;
/** The client was deleted (RFC 7592 section 2.3). */
export type DeletedResult = DeletedResponse;
/** The client application's request was refused (RFC 7591 section 3.2.2), or the server could not serve it. */
export type RefusedResult = {
  [A in ErrorAction]: RefusedResponse & Content<ErrorResponse> & { action: A };
}[ErrorAction];

/**
 * An action that this version does not know: any string but the known ones. TypeScript has no such type, so it is typed by a
 * pattern that no known action matches. That is enough for comparing with a known one to narrow a result exactly.
 */
export type UnknownAction = `${string}<unknown>`;

/** A result with an action that this version does not know, as the API gave it. */
export interface UnknownResult extends Content<unknown> {
  resultCode: string;
  resultMessage: string;
  action: UnknownAction;
  responseContent?: string | null;
  [member: string]: unknown;
}

/** How a call to register a client ended. */
export type RegisterResult = CreatedResult | RefusedResult | UnknownResult;
/** How a call to get a client ended. */
export type GetResult = FoundResult | RefusedResult | UnknownResult;
/** How a call to update a client ended. */
export type UpdateResult = UpdatedResult | RefusedResult | UnknownResult;
/** How a call to delete a client ended. */
export type DeleteResult = DeletedResult | RefusedResult | UnknownResult;

/** The HTTP status with which the authorization server answers the client application. */
export const HTTP_STATUS = {
  CREATED: 201,
  OK: 200,
  UPDATED: 200,
  DELETED: 204,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  INTERNAL_SERVER_ERROR: 500,
} as const satisfies Readonly<Record<RegistrationResponse['action'], number>>;

interface SuccessResults {
  CREATED: CreatedResult;
  OK: FoundResult;
  UPDATED: UpdatedResult;
  DELETED: DeletedResult;
}

/**
 * Makes of an answer the result of an operation that ends with the action `success` when nothing is wrong.
 *
 * @throws {ApiError} if the answer lacks something that the result promises.
 */
export function judge<A extends keyof SuccessResults>(
  success: A,
  answer: Answer,
): SuccessResults[A] | RefusedResult | UnknownResult {
  const envelope = answer.body;
  if (!isEnvelope(envelope)) throw new ApiError('The API did not answer with a registration response.', answer);

  const { action } = envelope;
  if (action === 'DELETED' && action === success) return envelope as SuccessResults[A];

  const content = parse(envelope.responseContent);
  const result = { ...envelope, content };
  if (action === success) {
    if (isObject(content) && typeof content.client_id === 'string' && isObject(envelope.client)) {
      return result as unknown as SuccessResults[A];
    }
    throw new ApiError('The API answered without the information of the client.', answer);
  }
  if (isErrorAction(action)) {
    if (isObject(content) && typeof content.error === 'string') return result as unknown as RefusedResult;
    throw new ApiError('The API refused a request of the client application without saying why.', answer);
  }
  return result as UnknownResult;
}

interface Envelope {
  resultCode: string;
  resultMessage: string;
  action: string;
  responseContent?: string | null;
  client?: unknown;
}

function isEnvelope(body: unknown): body is Envelope {
  if (!isObject(body)) return false;
  const { resultCode, resultMessage, action, responseContent } = body;
  return (
    [resultCode, resultMessage, action].every((member) => typeof member === 'string') &&
    (typeof responseContent === 'string' || responseContent === undefined || responseContent === null)
  );
}

function isErrorAction(action: string): action is ErrorAction {
  return Object.hasOwn(HTTP_STATUS, action) && HTTP_STATUS[action as ErrorAction] >= 400;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; what is not JSON as it is. */
function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
}
