export type { ClientCacheOptions } from './cache/cache-options.ts';
export { ClientCache, type ClientSource } from './cache/client-cache.ts';
export { isOutage } from './cache/outage.ts';
export type { ResolvedClient } from './cache/resolved-client.ts';
export type { ApiPromise, ResponseHead } from './api-promise.ts';
export type { ResolveResult, UnknownClientResult, VerifySecretResult } from './client-result.ts';
export { Clientele } from './client.ts';
export type { ClientFilters, ListOptions, ListPageRequest } from './client-list.ts';
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
  Client,
  ClientDifference,
  ClientInformation,
  ClientMetadata,
  ClientPage,
  ClientPreview,
  ClientSecretResponse,
  ErrorResponse,
  LockResponse,
  RegistrationAccessTokenResponse,
  ResolveResponse,
  SecretDigest,
  VerifySecretResponse,
} from './models.ts';
export type { ClienteleOptions, ConditionOptions, Fetch, RequestOptions } from './options.ts';
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
export { toHttp, type HttpResponse } from './to-http.ts';
