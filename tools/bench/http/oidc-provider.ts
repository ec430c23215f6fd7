/**
 * What there is to compare with on npm: oidc-provider with dynamic registration and its management switched on, and every feature
 * that makes it know a member of the ordinary document. `oidc-provider.ts [rotating]`: with a new registration access token for
 * every update, which is its default, or without.
 *
 * It keeps everything in a `Map` and nothing on disk. Its own adapter for memory does the same, but forgets all but a thousand records.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { ORDINARY_DOCUMENT } from '../documents.ts';
import { answerBenchmark } from './child.ts';

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

const SIGNING = ['PS256', 'ES256'] as const;
const KEY_ENCRYPTION = ['RSA-OAEP-256'] as const;
const CONTENT_ENCRYPTION = ['A256GCM'] as const;
const on = { enabled: true };

const keys = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
].map(({ privateKey }) => privateKey.export({ format: 'jwk' }));

const configuration = {
  adapter,
  jwks: { keys },
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: () => 'nobody signs in here',
  acrValues: ['urn:mace:incommon:iap:silver', 'urn:mace:incommon:iap:bronze'],
  scopes: ['openid', 'offline_access', 'payments:read', 'payments:write'],
  claims: { profile: ['name'], email: ['email'], address: ['address'], phone: ['phone_number'] },
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: {
    clientAuthSigningAlgValues: SIGNING,
    idTokenSigningAlgValues: SIGNING,
    idTokenEncryptionAlgValues: KEY_ENCRYPTION,
    idTokenEncryptionEncValues: CONTENT_ENCRYPTION,
    userinfoSigningAlgValues: SIGNING,
    userinfoEncryptionAlgValues: KEY_ENCRYPTION,
    userinfoEncryptionEncValues: CONTENT_ENCRYPTION,
    requestObjectSigningAlgValues: SIGNING,
    requestObjectEncryptionAlgValues: KEY_ENCRYPTION,
    requestObjectEncryptionEncValues: CONTENT_ENCRYPTION,
    authorizationSigningAlgValues: SIGNING,
    authorizationEncryptionAlgValues: KEY_ENCRYPTION,
    authorizationEncryptionEncValues: CONTENT_ENCRYPTION,
  },
  // Members that it would ignore otherwise are kept and returned, as by us.
  extraClientMetadata: {
    properties: Object.keys(JSON.parse(ORDINARY_DOCUMENT) as object).filter((name) =>
      /#|^software_|^frontchannel_|^request_uris$/.test(name),
    ),
  },
  features: {
    devInteractions: { enabled: false },
    registration: on,
    registrationManagement: { ...on, rotateRegistrationAccessToken: process.argv[2] === 'rotating' },
    backchannelLogout: on,
    clientCredentials: on,
    dPoP: on,
    encryption: on,
    jwtResponseModes: on,
    jwtUserinfo: on,
    mTLS: { ...on, certificateBoundAccessTokens: true },
    pushedAuthorizationRequests: on,
    requestObjects: on,
    richAuthorizationRequests: {
      ...on,
      types: { payment_initiation: { validate: () => undefined }, account_information: { validate: () => undefined } },
    },
  },
} satisfies Partial<Record<keyof Configuration, unknown>>;

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const provider = new Provider('http://127.0.0.1', configuration as unknown as Configuration);
const handle = provider.callback();
server.on('request', (request, response) => void handle(request, response));
answerBenchmark(server);
