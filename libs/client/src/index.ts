export type { ClientCacheOptions } from './cache/cache-options.ts';
export { ClientCache, type ClientSource } from './cache/client-cache.ts';
export { isOutage } from './cache/outage.ts';
export type { ResolvedClient } from './cache/resolved-client.ts';
export type { ApiPromise, ResponseHead } from './api-promise.ts';
export type { ResolveResult, UnknownClientResult, VerifySecretResult } from './client-result.ts';
export { Clientele } from './client.ts';
export type { ClientInput, Clients, ResolveRequest, VerifySecretRequest } from './clients.ts';
export { ApiError, ClienteleError, ConnectionError, TimeoutError, UnavailableError } from './errors.ts';
export type { ClientIdentifier } from './identifier.ts';
export type {
  Client,
  ClientInformation,
  ClientMetadata,
  ErrorResponse,
  LockResponse,
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
