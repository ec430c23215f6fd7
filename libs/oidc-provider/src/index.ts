export { clienteleAdapter, type ClienteleAdapterOptions } from './adapter.ts';
export { useClientele } from './client-secret.ts';
export type { ClientLookup, SecretVerifier } from './cache.ts';
export { RegistryUnavailableError, UnsupportedClientError } from './errors.ts';
