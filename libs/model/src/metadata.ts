/** Client metadata, responses and result codes, without any dependency: for servers, SDKs and browsers. */
export * from './metadata/client-metadata.ts';
export * from './metadata/convert.ts';
export type { AlgorithmUse, Field, FieldOptions, JsonWebKeySet, Kind } from './metadata/field.ts';
export {
  FORBIDDEN_MEMBERS,
  isEmpty,
  isJsonObject,
  readJsonObject,
  type JsonObject,
  type ReadObject,
} from './metadata/json.ts';
export { canVerify } from './keys/key-use.ts';
export { keySetProblems } from './metadata/json-checks.ts';
export { LIMITS } from './metadata/limits.ts';
export { isExact } from './metadata/numbers.ts';
export {
  PROTOCOL_REGISTRATION,
  type ProtocolRegistration,
  type RegistrationSettings,
} from './metadata/registration-settings.ts';
export * from './metadata/values.ts';
export { originProblem, webUrlProblem } from './metadata/web-url.ts';
export { storageProblem } from './text/characters.ts';
export { printableName, quote } from './text/quote.ts';
export { isUriProblem, parseUri, type ParsedUri, type UriProblem } from './uris/parse-uri.ts';
export { redirectUriMatches } from './uris/redirect-uri.ts';
export * from './responses/client-information.ts';
export * from './responses/client.ts';
export type * from './responses/client-administration.ts';
export type * from './responses/lock-response.ts';
export type * from './responses/resolve-response.ts';
export type * from './responses/service.ts';
export type * from './responses/tokens.ts';
export type * from './responses/verify-secret-response.ts';
export * from './wire/errors.ts';
export * from './responses/registered-document.ts';
export * from './responses/registration-response.ts';
export * from './wire/result-codes.ts';
