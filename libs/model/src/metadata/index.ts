/** What is known about client metadata and the wire, without any dependency: for servers, SDKs and browsers alike. */
export * from './client-metadata.ts';
export * from './convert.ts';
export type { Field, FieldOptions, JsonWebKeySet, Kind } from './field.ts';
export { isJsonObject, quoteName, readJsonObject, type JsonObject, type Problem } from './json.ts';
export { LIMITS } from './limits.ts';
export { fillInDefaults, readClientMetadata, withDefaults, type BrokenField } from './read.ts';
export { redirectUriMatches } from './redirect-uri.ts';
export { hostnameOf, isLoopbackUri, originOf } from './uri.ts';
export * from './values.ts';
export * from '../wire/client-information.ts';
export * from '../wire/client.ts';
export * from '../wire/errors.ts';
export * from '../wire/registration-response.ts';
export * from '../wire/result-codes.ts';
