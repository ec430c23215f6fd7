import { STATUS_OF_ACTION } from '@clientele/model/wire';
import { ApiError } from './errors.ts';
import type {
  ClientInformation,
  CreatedResponse,
  DeletedResponse,
  ErrorAction,
  ErrorResponse,
  FoundResponse,
  RefusedResponse,
  UpdatedResponse,
} from './models.ts';
import { isObject, parseJson, type ApiResponse } from './response.ts';

interface Content<T> {
  /** The parsed `responseContent`. */
  content: T;
}

/** The client was registered (RFC 7591 section 3.2.1). */
export type CreatedResult = CreatedResponse & Content<ClientInformation>;
/** The client was found (RFC 7592 section 2.1). */
export type FoundResult = FoundResponse & Content<ClientInformation>;
/** The client was updated (RFC 7592 section 2.2). */
export type UpdatedResult = UpdatedResponse & Content<ClientInformation>;
/** The client was deleted (RFC 7592 section 2.3). */
export type DeletedResult = DeletedResponse;
/** The request of the client application was refused (RFC 7591 section 3.2.2), or the server failed. */
export type RefusedResult = {
  [A in ErrorAction]: RefusedResponse & Content<ErrorResponse> & { action: A };
}[ErrorAction];

/**
 * An action that this version of the SDK does not know. TypeScript cannot express "any string except the known actions", so
 * the type is a pattern that no known action matches. Comparing with a known action therefore narrows a result correctly.
 */
export type UnknownAction = `${string}<unknown>`;

/** A result with an action that this version of the SDK does not know. It keeps all members of the response. */
export interface UnknownResult extends Content<unknown> {
  resultCode: string;
  resultMessage: string;
  action: UnknownAction;
  responseContent?: string | null;
  [member: string]: unknown;
}

/** Result of registering a client. */
export type RegisterResult = CreatedResult | RefusedResult | UnknownResult;
/** Result of getting a client. */
export type GetResult = FoundResult | RefusedResult | UnknownResult;
/** Result of updating a client. */
export type UpdateResult = UpdatedResult | RefusedResult | UnknownResult;
/** Result of deleting a client. */
export type DeleteResult = DeletedResult | RefusedResult | UnknownResult;

type SuccessResult = CreatedResult | FoundResult | UpdatedResult | DeletedResult;
type Result<A> = Extract<SuccessResult, { action: A }> | RefusedResult | UnknownResult;

/**
 * Converts a response to the result of an operation. `success` is the action of that operation when it succeeds.
 *
 * @throws {ApiError} if the response lacks a member of the result.
 */
export function readResult<A extends SuccessResult['action']>(success: A, response: ApiResponse): Result<A> {
  const envelope = response.body;
  if (!isEnvelope(envelope)) throw new ApiError('The response is not a registration response.', response);

  const { action } = envelope;
  if (action === 'DELETED' && action === success) return envelope as unknown as Result<A>;

  const content = parseJson(envelope.responseContent ?? 'null');
  const { client_id: clientId, error } = isObject(content) ? content : {};
  if (action === success && (typeof clientId !== 'string' || !isObject(envelope.client))) {
    throw new ApiError(`The ${action} response has no client information.`, response);
  }
  if (isErrorAction(action) && typeof error !== 'string') {
    throw new ApiError(`The ${action} response has no OAuth error.`, response);
  }
  return { ...envelope, content } as unknown as Result<A>;
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
  return [resultCode, resultMessage, action, responseContent ?? ''].every((member) => typeof member === 'string');
}

function isErrorAction(action: string): action is ErrorAction {
  return Object.hasOwn(STATUS_OF_ACTION, action) && STATUS_OF_ACTION[action as ErrorAction] >= 400;
}
