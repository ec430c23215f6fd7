import { PublicUrls } from '../../services/public-urls.ts';
import { ServiceSettingsDto } from '../../services/service-settings.dto.ts';
import { serviceWith, type Service } from '../../services/service.ts';
import { checkEndpoints } from './endpoints.ts';
import type { Outcome } from './finding.ts';

const urls = new PublicUrls({ baseUrl: 'https://clients.example.com', host: '127.0.0.1', port: 3000 });
const authorizationEndpoint = 'https://as.example.com/authorize';
const tokenEndpoint = 'https://as.example.com/token';
const ENDPOINTS = { authorizationEndpoint, tokenEndpoint };

const service = (changes: Partial<Service>): Service => ({
  ...serviceWith(new ServiceSettingsDto(), 986126671, 1, 0),
  protocolRegistration: 'OPEN',
  ...changes,
});

describe('checkEndpoints', () => {
  it.each<[string, Outcome, Partial<Service>]>([
    ['both endpoints', 'ok', ENDPOINTS],
    ['no endpoints', 'warning', {}],
    ['no endpoints, for holders of initial access tokens', 'warning', { protocolRegistration: 'INITIAL_ACCESS_TOKEN' }],
    ['no token endpoint', 'warning', { authorizationEndpoint }],
    ['no authorization endpoint', 'warning', { tokenEndpoint }],
    ['the code grant without its endpoint', 'warning', { tokenEndpoint, supportedGrantTypes: ['AUTHORIZATION_CODE'] }],
    ['no grant type with redirection', 'ok', { tokenEndpoint, supportedGrantTypes: ['CLIENT_CREDENTIALS'] }],
    ['only the implicit grant', 'ok', { authorizationEndpoint, supportedGrantTypes: ['IMPLICIT'] }],
    [
      'endpoints among the further members',
      'ok',
      { serverMetadata: { authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint } },
    ],
    ['metadata at its own issuer', 'ok', { issuer: 'https://as.example.com' }],
    ['no registration of clients', 'ok', { protocolRegistration: 'OFF' }],
  ])('reports a service with %s as %s (RFC 8414 section 2)', (_service, result, changes) => {
    expect(checkEndpoints([service(ENDPOINTS), service(changes)], urls)).toMatchObject([{ result }]);
  });

  it('reports all services in one finding, which names the first', () => {
    const services = [service(ENDPOINTS), service({ apiKey: 2 }), service({ apiKey: 3 })];
    expect(checkEndpoints(services, urls)[0]?.seen).toMatch(/^2 services, such as 2: /);
  });

  it('reports nothing about a store without services', () => {
    expect(checkEndpoints([], urls)).toEqual([]);
  });
});
