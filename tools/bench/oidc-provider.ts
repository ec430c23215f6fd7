/**
 * oidc-provider with client registration and its management, and every feature that makes it know a member of the documents. Records
 * are in a `Map`, because its own adapter for memory forgets all but a thousand. It issues no new registration access token for an
 * update, which is the cheaper setting.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { DOCUMENTS } from './documents.ts';

const records = new Map<string, AdapterPayload>();

/** The part of an adapter that registration uses. */
function adapter(model: string): Adapter {
  const nothing = () => Promise.resolve(undefined);
  return {
    upsert: (id, payload) => Promise.resolve(void records.set(`${model}:${id}`, payload)),
    find: (id) => Promise.resolve(records.get(`${model}:${id}`)),
    destroy: (id) => Promise.resolve(void records.delete(`${model}:${id}`)),
    consume: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    revokeByGrantId: nothing,
  };
}

const on = { enabled: true };
const type = { validate: () => undefined };
const configuration = {
  adapter,
  jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] },
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: () => 'Nobody signs in here.',
  scopes: ['openid', 'offline_access', 'payments:read', 'payments:write'],
  claims: { profile: ['name'], email: ['email'] },
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256'],
    idTokenSigningAlgValues: ['ES256'],
    idTokenEncryptionAlgValues: ['ECDH-ES'],
    idTokenEncryptionEncValues: ['A256GCM'],
    requestObjectSigningAlgValues: ['ES256'],
    authorizationSigningAlgValues: ['ES256'],
  },
  // It would ignore these members; so it stores and returns them, as Clientele does.
  extraClientMetadata: {
    properties: Object.keys(JSON.parse(DOCUMENTS.jwks) as object).filter((name) => /#|^software_/.test(name)),
  },
  features: {
    devInteractions: { enabled: false },
    registration: on,
    registrationManagement: { ...on, rotateRegistrationAccessToken: false },
    backchannelLogout: on,
    clientCredentials: on,
    dPoP: on,
    encryption: on,
    jwtResponseModes: on,
    mTLS: { ...on, certificateBoundAccessTokens: true },
    pushedAuthorizationRequests: on,
    requestObjects: on,
    richAuthorizationRequests: { ...on, types: { payment_initiation: type, account_information: type } },
  },
} satisfies Partial<Record<keyof Configuration, unknown>>;

const handle = new Provider('http://127.0.0.1', configuration as unknown as Configuration).callback();
createServer((request, response) => void handle(request, response)).listen(Number(process.env.PORT), '127.0.0.1');
