export type { ClientCacheOptions } from './cache/cache-options.ts';
export { ClientCache, type ClientSource } from './cache/client-cache.ts';
export { isOutage } from './cache/outage.ts';
export type { ResolvedClient } from './cache/resolved-client.ts';
export type { AccessTokens, NewAccessToken } from './access-tokens.ts';
export type { ApiPromise, ResponseHead } from './api-promise.ts';
export type { ResolveResult, UnknownClientResult, VerifySecretResult } from './client-result.ts';
export { Clientele } from './client.ts';
export type { ClientFilters, ListPageRequest } from './client-list.ts';
export type {
  ClientInput,
  ClientPatch,
  MergePatch,
  NewSecret,
  ResolveRequest,
  SecretTimes,
  VerifySecretRequest,
} from './client-requests.ts';
export type { Clients } from './clients.ts';
export { ApiError, ClienteleError, ConnectionError, TimeoutError, UnavailableError } from './errors.ts';
export type { ClientIdentifier } from './identifier.ts';
export type {
  InitialAccessTokenPageRequest,
  InitialAccessTokens,
  NewInitialAccessToken,
} from './initial-access-tokens.ts';
export type {
  ApiAccessTokenInformation,
  Client,
  ClientDifference,
  ClientInformation,
  ClientMetadata,
  ClientPage,
  ClientPreview,
  ClientSecretResponse,
  CreatedApiAccessToken,
  CreatedInitialAccessToken,
  ErrorResponse,
  InitialAccessTokenInformation,
  InitialAccessTokenPage,
  JsonWebKeySet,
  LockResponse,
  RegistrationAccessTokenResponse,
  ResolveResponse,
  SecretDigest,
  ServicePage,
  ServiceResponse,
  VerifySecretResponse,
} from './models.ts';
export type { ClienteleOptions, ConditionOptions, Fetch, ListOptions, RequestOptions } from './options.ts';
export type {
  CreatedResult,
  DeletedResult,
  DeleteResult,
  FoundResult,
  GetResult,
  RefusedResult,
  RegisterResult,
  UnknownAction,
  UnknownResult,
  UpdatedResult,
  UpdateResult,
} from './registration-result.ts';
export type {
  DeleteRequest,
  GetRequest,
  RegisterRequest,
  Registration,
  UpdateMetadata,
  UpdateRequest,
} from './registration.ts';
export type { ServiceId, ServicePageRequest, ServicePatch, ServiceSettings } from './service-requests.ts';
export type { Services } from './services.ts';
export { toHttp, type HttpResponse } from './to-http.ts';
