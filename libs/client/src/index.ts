export { Clientele } from './client.ts';
export { ApiError, ClienteleError, ConnectionError, TimeoutError } from './errors.ts';
export type { Client, ClientInformation, ClientMetadata, ErrorResponse } from './models.ts';
export type { ClienteleOptions, Fetch, RequestOptions } from './options.ts';
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
