export { clienteleAdapter, type ClienteleAdapterOptions } from './adapter.ts';
export { useClientele } from './client-secret.ts';
export type { ClientSource, SecretVerifier } from './client-source.ts';
export { RegistryUnavailableError, UnsupportedClientError } from './errors.ts';
