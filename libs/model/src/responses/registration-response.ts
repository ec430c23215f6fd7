import type { ErrorAction } from '../wire/errors.ts';
import type { Client } from './client.ts';

interface Envelope<Action extends string> {
  /** Authlete's result code, `A213001` for example. */
  resultCode: string;
  /** `[A213001] The client has been updated.` */
  resultMessage: string;
  /** The next step of the authorization server: it responds with the status in `STATUS_OF_ACTION`. */
  action: Action;
}

interface SuccessResponse<Action extends string> extends Envelope<Action> {
  /** JSON of `ClientInformation`: the body of the response to the client application. */
  responseContent: string;
  client: Client;
}

export type CreatedResponse = SuccessResponse<'CREATED'>;
export type FoundResponse = SuccessResponse<'OK'>;
export type UpdatedResponse = SuccessResponse<'UPDATED'>;
export type DeletedResponse = Envelope<'DELETED'>;

export interface RefusedResponse extends Envelope<ErrorAction> {
  /** JSON of `ErrorResponse`: the body of the response to the client application. */
  responseContent: string;
}

/** The response of the four registration calls, a union by `action`. */
export type RegistrationResponse =
  CreatedResponse | FoundResponse | UpdatedResponse | DeletedResponse | RefusedResponse;

/** The response to an API call that was itself wrong: HTTP status 4xx or 5xx. */
export interface ApiErrorResponse {
  resultCode: string;
  resultMessage: string;
}
