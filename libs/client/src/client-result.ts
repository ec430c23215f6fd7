import { areNumbers, areObjects, areStrings, checked, type Members } from './checked.ts';
import type {
  Client,
  ClientPage,
  ClientPreview,
  ClientSecretResponse,
  LockResponse,
  RegistrationAccessTokenResponse,
  RequestableScopesResponse,
  ResolveResponse,
  VerifySecretResponse,
} from './models.ts';
import type { UnknownAction } from './registration-result.ts';
import { isObject, type ApiResponse } from './response.ts';

/** A result with an action that this version of the SDK does not know. It keeps all members of the response. */
export interface UnknownClientResult {
  action: UnknownAction;
  [member: string]: unknown;
}

/** Result of resolving a client. */
export type ResolveResult = ResolveResponse | UnknownClientResult;
/** Result of verifying a client secret. */
export type VerifySecretResult = VerifySecretResponse | UnknownClientResult;

/** @throws {ApiError} if the response is not a client. */
export function readClient(response: ApiResponse): Client {
  return checked(response, isClient) as Client;
}

/** @throws {ApiError} if the response is not a page of clients. */
export function readPage(response: ApiResponse): ClientPage {
  return checked(
    response,
    ({ clients, next = '' }) => areStrings(next) && areObjects(clients) && clients.every(isClient),
  ) as ClientPage;
}

/** @throws {ApiError} if the response is not a preview. */
export function readPreview(response: ApiResponse): ClientPreview {
  return checked(
    response,
    ({ outcome, etag = '', differences }) =>
      areStrings(outcome, etag) && areObjects(differences) && areStrings(...differences.map(({ member }) => member)),
  ) as ClientPreview;
}

/** @throws {ApiError} if the response has no new secret. */
export function readSecret(response: ApiResponse): ClientSecretResponse {
  return checked(
    response,
    ({ newClientSecret, expiresAt }) => areStrings(newClientSecret) && areNumbers(expiresAt),
  ) as ClientSecretResponse;
}

/** @throws {ApiError} if the response has no registration access token. */
export function readToken(response: ApiResponse): RegistrationAccessTokenResponse {
  return checked(response, ({ registrationAccessToken }) =>
    areStrings(registrationAccessToken),
  ) as RegistrationAccessTokenResponse;
}

/** @throws {ApiError} if the scopes are not strings. */
export function readRequestableScopes(response: ApiResponse): string[] | undefined {
  const { requestableScopes } = checked(
    response,
    ({ requestableScopes = [] }) => Array.isArray(requestableScopes) && areStrings(...(requestableScopes as unknown[])),
  ) as RequestableScopesResponse;
  return requestableScopes;
}

/** @throws {ApiError} if the response has no result code. */
export function readLock(response: ApiResponse): LockResponse {
  return checked(response, ({ resultCode, resultMessage }) => areStrings(resultCode, resultMessage)) as LockResponse;
}

/** @throws {ApiError} if the response has no action, or lacks a member that the action requires. */
export function readResolveResult(response: ApiResponse): ResolveResult {
  return checked(response, ({ action, etag, maxAge, staleIfError, source, metadata, secrets = [], retryAfter }) => {
    const valid = areStrings(etag) && areNumbers(maxAge, staleIfError);
    if (action === 'NOT_MODIFIED') return valid;
    if (action === 'UNAVAILABLE') return areNumbers(retryAfter);
    if (action !== 'OK') return areStrings(action);
    return valid && isObject(metadata) && areStrings(source, metadata.client_id) && areSecrets(secrets);
  }) as ResolveResult;
}

/** @throws {ApiError} if the response has no action, or lacks a member that the action requires. */
export function readVerifySecretResult(response: ApiResponse): VerifySecretResult {
  return checked(
    response,
    ({ action, expiresAt }) => areStrings(action) && (action !== 'OK' || areNumbers(expiresAt)),
  ) as VerifySecretResult;
}

function isClient({ clientId }: Members): boolean {
  return typeof clientId === 'number';
}

function areSecrets(secrets: unknown): boolean {
  return areObjects(secrets) && secrets.every(({ expiresAt }) => areNumbers(expiresAt));
}
