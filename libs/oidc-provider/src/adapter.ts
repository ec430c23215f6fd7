import type { ResolvedClient } from '@clientele/client';
import type { Adapter, AdapterConstructor, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { secretMembers } from './client-secret.ts';
import type { ClientLookup } from './cache.ts';
import { toProviderError, UnsupportedClientError } from './errors.ts';

/** Options of `clienteleAdapter`. */
export interface ClienteleAdapterOptions {
  /** Provides the clients: a `ClientCache`. */
  readonly cache: ClientLookup;
  /** Your adapter, which stores all other models: sessions, grants, tokens, ... */
  readonly otherwise: AdapterConstructor | AdapterFactory;
}

/** Symmetric signatures and encryption, whose keys derive from the client secret. */
const SYMMETRIC = /^(HS|A\d|PBES2|dir$)/;

/** The setting `adapter` of oidc-provider: clients come from the registry, all other models from your adapter. */
export function clienteleAdapter({ cache, otherwise }: ClienteleAdapterOptions): AdapterFactory {
  return (model) => (model === 'Client' ? new ClientAdapter(cache) : instantiate(otherwise, model));
}

/** The adapter of the model `Client`. If its own registration is off, oidc-provider calls only `find`. */
class ClientAdapter implements Adapter {
  /** oidc-provider recognizes a client by the JSON of this object, so it is created once for each version of a client. */
  private readonly payloads = new WeakMap<ResolvedClient, AdapterPayload>();

  readonly upsert = readOnly;
  readonly destroy = readOnly;
  readonly consume = readOnly;
  readonly findByUid = readOnly;
  readonly findByUserCode = readOnly;
  readonly revokeByGrantId = readOnly;

  constructor(private readonly cache: ClientLookup) {}

  /**
   * Returns `undefined` if the client does not exist or is locked. Throws `RegistryUnavailableError` in an outage, and
   * `UnsupportedClientError` if the client needs its secret in the clear.
   */
  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const client = await this.resolve(clientId);
    if (client === undefined) return undefined;
    let payload = this.payloads.get(client);
    if (payload === undefined) this.payloads.set(client, (payload = payloadOf(client)));
    return payload;
  }

  private async resolve(clientId: string): Promise<ResolvedClient | undefined> {
    try {
      return await this.cache.resolve(clientId);
    } catch (error) {
      throw toProviderError(error);
    }
  }
}

/** The metadata as oidc-provider stores it. It is a copy, because oidc-provider adds members to the keys in `jwks`. */
function payloadOf(client: ResolvedClient): AdapterPayload {
  refuseSymmetric(client.metadata);
  const { allowed_resources: _own, ...metadata } = JSON.parse(JSON.stringify(client.metadata)) as Record<
    string,
    unknown
  >;
  const { resources } = client;
  return { ...metadata, ...secretMembers(client), ...(resources && { allowed_resources: [...resources] }) };
}

function refuseSymmetric(metadata: object): void {
  for (const [member, value] of Object.entries(metadata) as [string, unknown][]) {
    if (typeof value !== 'string') continue;
    const needsSecret = member.endsWith('_alg')
      ? SYMMETRIC.test(value)
      : member === 'token_endpoint_auth_method' && value === 'client_secret_jwt';
    if (needsSecret) throw new UnsupportedClientError(member, value);
  }
}

function instantiate(adapter: AdapterConstructor | AdapterFactory, model: string): Adapter {
  return isConstructor(adapter) ? new adapter(model) : adapter(model);
}

/** oidc-provider decides it in the same way: an arrow function has no prototype. */
function isConstructor(adapter: AdapterConstructor | AdapterFactory): adapter is AdapterConstructor {
  return typeof (adapter as { prototype?: unknown }).prototype === 'object';
}

function readOnly(): Promise<never> {
  return Promise.reject(
    new Error('Clients are changed at Clientele only. Disable features.registration of oidc-provider.'),
  );
}
