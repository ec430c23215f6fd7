import {
  ACTION_OF_ERROR,
  FIELDS,
  resultOf,
  toMetadata,
  type Client,
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
import { documentOf, type ClientHead, type ClientProperties, type StoredClient } from '../clients/client.ts';
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

/** Embeds the stored text of the client, because serializing it again would cost as much as the write to the store. */
function success(
  action: (CreatedResponse | FoundResponse | UpdatedResponse)['action'],
  result: ResultName,
  presented: PresentedClient,
  parameters?: ResultParameters,
): JsonText {
  const { resultCode, resultMessage } = resultOf(result, parameters);
  const head = JSON.stringify({ resultCode, resultMessage, action, responseContent: clientInformation(presented) });
  return new JsonText(`${head.slice(0, -1)},"client":${clientText(presented)}}`, resultCode, action);
}

/**
 * The client information response, from the stored client and never from the request. RFC 7591 section 3.2.1: it MUST contain all
 * registered metadata, also values that the server provided.
 */
export function clientInformation(presented: PresentedClient): string {
  const { properties } = presented.client;
  const information: ClientInformation = toMetadata(properties, issuedMembers(presented));
  if (properties.unexpressed !== undefined) Object.assign(information, properties.unexpressed);
  if (properties.softwareStatement !== undefined) information.software_statement = properties.softwareStatement;
  const text = JSON.stringify(information);
  if (properties.customMetadata === undefined) return text;
  // Appended as text, so that a number beyond double precision is returned as it was sent.
  return `${text.slice(0, -1)},${properties.customMetadata.slice(1)}`;
}

/** The members of a client information response that only the server sets. */
export type IssuedMembers = Pick<ClientInformation, keyof typeof ISSUED_MEMBERS>;

export function issuedMembers({ client, token, configurationEndpoint }: PresentedClient<ClientHead>): IssuedMembers {
  return {
    client_id: String(client.clientId),
    client_id_issued_at: Math.floor(client.createdAt / 1000),
    ...(client.clientSecret !== undefined && { client_secret: client.clientSecret, client_secret_expires_at: 0 }),
    registration_access_token: token,
    registration_client_uri: `${configurationEndpoint}/${client.clientId}`,
  };
}

/** Authlete: every `Client` contains the booleans and numbers that are not nullable. */
const ALWAYS_PRESENT = Object.entries({
  clientIdAliasEnabled: false,
  frontChannelRequestObjectEncryptionRequired: false,
  requestObjectEncryptionAlgMatchRequired: false,
  requestObjectEncryptionEncMatchRequired: false,
  singleAccessTokenPerSubject: false,
  pkceRequired: false,
  pkceS256Required: false,
  dpopRequired: false,
  mtlsEndpointAliasesUsed: false,
  automaticallyRegistered: false,
  explicitlyRegistered: false,
  rsRequestSigned: false,
  credentialResponseEncryptionRequired: false,
  inScopeForTokenMigration: false,
  discoveredByMetadataDocument: false,
  metadataDocumentExpiresAt: 0,
  metadataDocumentUpdatedAt: 0,
  trustChainExpiresAt: 0,
  trustChainUpdatedAt: 0,
  locked: false,
  ...Object.fromEntries(FIELDS.filter(([, { kind }]) => kind === 'flag').map(([, { property }]) => [property, false])),
  // Authlete: a number cannot be null, so an absent age is 0 here. Client metadata distinguishes the two.
  defaultMaxAge: 0,
}).map(([property, value]) => ({ property, text: `,"${property}":${value}` }));

/** Authlete's `Client`, as the text of a JSON object. */
function clientText({ service, client }: PresentedClient): string {
  const properties: ClientProperties & Readonly<Record<string, unknown>> = client.properties;
  const head: Partial<Client> = {
    number: 0,
    serviceNumber: service.number,
    clientId: client.clientId,
    ...(client.clientSecret !== undefined && { clientSecret: client.clientSecret }),
    clientType: properties.tokenAuthMethod === 'NONE' ? 'PUBLIC' : 'CONFIDENTIAL',
    clientSource: properties.dynamicallyRegistered ? 'DYNAMIC_REGISTRATION' : 'STATIC_REGISTRATION',
    createdAt: client.createdAt,
    modifiedAt: client.modifiedAt,
  };
  let text = JSON.stringify(head).slice(0, -1);
  for (const { property, text: absent } of ALWAYS_PRESENT) if (properties[property] === undefined) text += absent;
  if (properties.unexpressed === undefined) return `${text},${documentOf(properties).slice(1)}`;
  const { unexpressed: _unexpressed, ...expressed } = properties;
  return `${text},${JSON.stringify(expressed).slice(1)}`;
}
