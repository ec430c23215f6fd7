import type { Client } from './client.ts';
import type { ErrorAction } from '../wire/errors.ts';

interface Envelope<Action extends string> {
  /** Authlete's result code, `A213001` for example. */
  resultCode: string;
  /** `[A213001] The client has been updated.` */
  resultMessage: string;
  /** The next step of the authorization server. */
  action: Action;
}

interface SuccessResponse<Action extends string> extends Envelope<Action> {
  /** JSON of `ClientInformation`: the body of the answer to the client application. */
  responseContent: string;
  client: Client;
}

/** Answer 201 with the response content. */
export type CreatedResponse = SuccessResponse<'CREATED'>;
/** Answer 200 with the response content. */
export type FoundResponse = SuccessResponse<'OK'>;
/** Answer 200 with the response content. */
export type UpdatedResponse = SuccessResponse<'UPDATED'>;
/** Answer 204. */
export type DeletedResponse = Envelope<'DELETED'>;

/** Answer 400, 401 or 500 with the response content, JSON of `ErrorResponse`. */
export interface RefusedResponse extends Envelope<ErrorAction> {
  responseContent: string;
}

/** The answer of the four registration calls, a union by `action`. */
export type RegistrationResponse =
  CreatedResponse | FoundResponse | UpdatedResponse | DeletedResponse | RefusedResponse;

/** The answer to an API call that itself was wrong: HTTP status 4xx or 5xx. */
export interface ApiErrorResponse {
  resultCode: string;
  resultMessage: string;
}
