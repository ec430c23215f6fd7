import {
  ACTION_OF_ERROR,
  joinObjects,
  resultOf,
  type ClientInformation,
  type CreatedResponse,
  type DeletedResponse,
  type ErrorResponse,
  type FoundResponse,
  type ISSUED_MEMBERS,
  type RefusedResponse,
  type ResultName,
  type ResultParameters,
  type UpdatedResponse,
} from '@clientele/model/metadata';
import { JsonText } from '../http/json-text.ts';
import type { Service } from '../services/service.ts';
import { authleteClient } from '../clients/authlete-client.ts';
import { canonicalId, currentSecret, secondsOf, type ClientHead, type StoredClient } from '../clients/client.ts';
import type { RegistrationError } from '../http/registration-error.ts';

/** A client as a caller may see it. The token was just issued or presented, because only its hash is stored. */
export interface PresentedClient<Client extends ClientHead = StoredClient> {
  readonly service: Service;
  readonly client: Client;
  readonly token: string;
  readonly configurationEndpoint: string;
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1 */
export function created(presented: PresentedClient): JsonText {
  return success('CREATED', 'clientCreated', presented, { clientId: presented.client.clientId });
}

/** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
export function found(presented: PresentedClient): JsonText {
  return success('OK', 'clientFound', presented);
}

/** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2 */
export function updated(presented: PresentedClient): JsonText {
  return success('UPDATED', 'clientUpdated', presented);
}

/** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
export function deleted(): DeletedResponse {
  return { ...resultOf('clientDeleted'), action: 'DELETED' };
}

/** Authlete: a setting of the service replaces the action UNAUTHORIZED, which earlier versions did not have, by BAD_REQUEST. */
export function refused(service: Service, error: RegistrationError): RefusedResponse {
  const action = ACTION_OF_ERROR[error.code];
  return {
    resultCode: error.resultCode,
    resultMessage: error.message,
    action: action === 'UNAUTHORIZED' && !service.unauthorizedOnClientConfigSupported ? 'BAD_REQUEST' : action,
    responseContent: JSON.stringify(errorResponse(service, error)),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2 */
export function errorResponse(service: Service, { code, description }: RegistrationError): ErrorResponse {
  return { error: code, ...(!service.errorDescriptionOmitted && { error_description: description }) };
}

function success(
  action: (CreatedResponse | FoundResponse | UpdatedResponse)['action'],
  result: ResultName,
  presented: PresentedClient,
  parameters?: ResultParameters,
): JsonText {
  const { resultCode, resultMessage } = resultOf(result, parameters);
  const responseContent = clientInformation(presented);
  const head = JSON.stringify({ resultCode, resultMessage, action, responseContent });
  const text = `${head.slice(0, -1)},"client":${authleteClient(presented)}}`;
  return new JsonText(text, resultCode, action, presented.client.clientId);
}

/**
 * The client information response, from the stored client and never from the request. RFC 7591 section 3.2.1: it MUST contain all
 * registered metadata, also values that the server provided.
 */
export function clientInformation(presented: PresentedClient): string {
  return joinObjects(JSON.stringify(issuedMembers(presented)), presented.client.document.text);
}

/** The members of a client information response that only the server sets. */
export type IssuedMembers = Pick<ClientInformation, keyof typeof ISSUED_MEMBERS>;

export function issuedMembers({ client, token, configurationEndpoint }: PresentedClient<ClientHead>): IssuedMembers {
  const secret = currentSecret(client);
  return {
    client_id: canonicalId(client),
    client_id_issued_at: secondsOf(client.createdAt),
    // A hash cannot be returned.
    ...(secret?.scheme === undefined &&
      secret !== undefined && {
        client_secret: secret.value,
        client_secret_expires_at: secondsOf(secret.expiresAt ?? 0),
      }),
    registration_access_token: token,
    registration_client_uri: `${configurationEndpoint}/${client.clientId}`,
  };
}
