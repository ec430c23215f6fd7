/** Client metadata and the wire, without any dependency: for servers, SDKs and browsers alike. */
export * from './client-metadata.ts';
export * from './convert.ts';
export type { AlgorithmUse, Field, FieldOptions, JsonWebKeySet, Kind } from './field.ts';
export { isEmpty, isJsonObject, readJsonObject, type JsonObject, type ReadObject } from './json.ts';
export { LIMITS } from './limits.ts';
export type { RegistrationSettings } from './registration-settings.ts';
export * from './values.ts';
export { quote } from '../text/quote.ts';
export { isUriProblem, parseUri, type ParsedUri, type UriProblem } from '../uris/parse-uri.ts';
export { redirectUriMatches } from '../uris/redirect-uri.ts';
export * from '../wire/client-information.ts';
export * from '../wire/client.ts';
export * from '../wire/errors.ts';
export * from '../wire/registration-response.ts';
export * from '../wire/result-codes.ts';
