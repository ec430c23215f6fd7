import 'reflect-metadata';
import { decide, readRequest, type Plane } from '@clientele/model/decision';
import { ServiceSettingsDto } from './service-settings.dto.ts';
import { newService, registrationOn, withSettings, type Service } from './service.ts';

const SERVICE = newService(12345, 7, 1);

function accepts(metadata: object): boolean {
  const request = readRequest(JSON.stringify({ redirect_uris: ['https://client.example.org/'], ...metadata }));
  return decide(request, SERVICE, { operation: 'register', plane: 'api' }).accepted;
}

describe('a new service', () => {
  it.each([
    {},
    { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
    { grant_types: ['client_credentials'], response_types: [] },
    { token_endpoint_auth_method: 'none' },
    { token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/'] },
    { token_endpoint_auth_method: 'client_secret_post' },
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://client.example.org/jwks' },
  ])('supports %j', (metadata) => {
    expect(accepts(metadata)).toBe(true);
  });

  it.each([
    { grant_types: ['implicit'], response_types: ['token'] },
    { grant_types: ['authorization_code', 'implicit'], response_types: ['code id_token'] },
    { grant_types: ['password'], response_types: [] },
    { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], response_types: [] },
    { grant_types: ['urn:openid:params:grant-type:ciba'], response_types: [], backchannel_token_delivery_mode: 'poll' },
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks_uri: 'https://client.example.org/jwks' },
  ])('does not support %j', (metadata) => {
    expect(accepts(metadata)).toBe(false);
  });

  it('lets only authorization servers register clients', () => {
    expect([registrationOn('api', SERVICE), registrationOn('protocol', SERVICE)]).toEqual(['OPEN', 'OFF']);
    expect(SERVICE).toMatchObject({ serviceName: 'Service 7', unauthorizedOnClientConfigSupported: true });
  });

  it('has the defaults of Authlete after an empty update: no limits, and nobody may register', () => {
    const replaced = withSettings(SERVICE, new ServiceSettingsDto());

    expect(Object.keys(replaced).filter((name) => name.startsWith('supported'))).toEqual([]);
    expect([registrationOn('api', replaced), registrationOn('protocol', replaced)]).toEqual(['OFF', 'OFF']);
  });
});

describe('who may register', () => {
  it.each<[Plane, Partial<Service>, string]>([
    ['api', { dynamicRegistrationSupported: false, protocolRegistration: 'OPEN' }, 'OFF'],
    ['api', { initialAccessTokenRequired: true, protocolRegistration: 'OPEN' }, 'INITIAL_ACCESS_TOKEN'],
    ['api', { protocolRegistration: 'OFF' }, 'OPEN'],
    ['protocol', { dynamicRegistrationSupported: false, protocolRegistration: 'OPEN' }, 'OPEN'],
    ['protocol', { protocolRegistration: 'INITIAL_ACCESS_TOKEN' }, 'INITIAL_ACCESS_TOKEN'],
    ['protocol', { initialAccessTokenRequired: true, protocolRegistration: 'OFF' }, 'OFF'],
  ])('on the %s plane depends only on the settings of the plane: %j gives %s', (plane, settings, expected) => {
    expect(registrationOn(plane, { ...SERVICE, ...settings })).toBe(expected);
  });
});
