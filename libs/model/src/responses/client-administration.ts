import type { Client } from './client.ts';

/** A page of `client/get/list`. */
export interface ClientPage {
  /** No client has its secret. */
  clients: Client[];
  /** The `after` of the next page; absent at the end. */
  next?: string;
  /** The number of clients of the service; absent if the list is filtered. */
  totalCount?: number;
  /** The index of the first client, if the request named indexes. */
  start?: number;
  /** The index after the last client, if the request named indexes. */
  end?: number;
  developer?: string;
}

/** The response of the calls for the requestable scopes of a client. */
export interface RequestableScopesResponse {
  /** The scopes that the client may request; absent if there is no limit. */
  requestableScopes?: string[];
}

/** A difference in one member of a client. A member that did not exist, or no longer does, has no value. Credentials never have values. */
export interface ClientDifference {
  member: string;
  before?: unknown;
  after?: unknown;
  /** The SHA-256 of the JSON text in base64url, instead of a value that is too long for the log. */
  beforeSha256?: string;
  afterSha256?: string;
}

/** The response of `client/preview`: what `PUT client/{clientIdentifier}` would do with the same body. */
export interface ClientPreview {
  outcome: 'created' | 'changed' | 'unchanged';
  /** The entity tag of the current version, with its quotes; absent if the client would be created. */
  etag?: string;
  differences: ClientDifference[];
}

/** The response of `client/authorization/get/list`. A registry has no authorizations, so the list is empty. */
export interface AuthorizationsResponse {
  start: number;
  end: number;
  developer?: string;
  subject: string;
  totalCount: number;
  clients: Client[];
}

/** The response of `client/granted_scopes/get`. A registry has no granted scopes, so the lists are empty. */
export interface GrantedScopesResponse {
  resultCode: string;
  resultMessage: string;
  serviceApiKey: number;
  clientId: number;
  subject: string;
  latestGrantedScopes: string[];
  mergedGrantedScopes: string[];
  /** Milliseconds since 1970; 0 for never. */
  modifiedAt: number;
}

/** The response of `client/secret/refresh` and `client/secret/update`. */
export interface ClientSecretResponse {
  resultCode: string;
  resultMessage: string;
  newClientSecret: string;
  /** The previous secret, if there was a readable one. */
  oldClientSecret?: string;
  /** Seconds since 1970 until which the previous secrets are valid; absent if they are no longer valid. */
  overlapEndsAt?: number;
  /** Seconds since 1970 until which the new secret is valid; 0 if it never expires. */
  expiresAt: number;
}

/** The response of `client/registration_access_token/refresh`. */
export interface RegistrationAccessTokenResponse {
  resultCode: string;
  resultMessage: string;
  registrationAccessToken: string;
  /** The client configuration endpoint of the client (RFC 7592 section 3); absent if the protocol plane is off. */
  registrationClientUri?: string;
}
