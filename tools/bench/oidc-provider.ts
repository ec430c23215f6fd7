/**
 * oidc-provider with client registration and its management, and all features that make it know a member of the documents. It issues
 * no new registration access token for an update, which is the cheaper setting.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';

/** Its own adapter for memory forgets all but a thousand records. */
const records = new Map<string, AdapterPayload>();

const adapter = (model: string): Pick<Adapter, 'upsert' | 'find'> => ({
  upsert: (id, payload) => Promise.resolve(void records.set(`${model}:${id}`, payload)),
  find: (id) => Promise.resolve(records.get(`${model}:${id}`)),
});

const on = { enabled: true };
const type = { validate: () => undefined };
const configuration = {
  adapter,
  jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] },
  scopes: ['openid', 'offline_access', 'accounts:read', 'payments:read', 'payments:write'],
  claims: { profile: ['name'], email: ['email'] },
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256'],
    idTokenSigningAlgValues: ['ES256'],
    idTokenEncryptionAlgValues: ['ECDH-ES'],
    idTokenEncryptionEncValues: ['A256GCM'],
  },
  // Without this setting it ignores these members, which Clientele stores.
  extraClientMetadata: { properties: ['client_name#ja', 'software_id', 'software_version'] },
  features: {
    devInteractions: { enabled: false },
    registration: on,
    registrationManagement: { ...on, rotateRegistrationAccessToken: false },
    backchannelLogout: on,
    clientCredentials: on,
    encryption: on,
    mTLS: { ...on, certificateBoundAccessTokens: true },
    pushedAuthorizationRequests: on,
    richAuthorizationRequests: { ...on, types: { payment_initiation: type, account_information: type, consent: type } },
  },
} satisfies Partial<Record<keyof Configuration, unknown>>;

const handle = new Provider('http://127.0.0.1', configuration as unknown as Configuration).callback();
createServer((request, response) => void handle(request, response)).listen(Number(process.env.PORT), '127.0.0.1');
