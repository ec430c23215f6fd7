import { newService, type Service } from '../../src/services/service.ts';

/** A new service that sets no limit to supported values, and at which anybody may register on both planes. */
export function everythingService(serviceId: number, number: number, now: number): Service {
  const service = newService(serviceId, number, now);
  const {
    supportedGrantTypes: _grantTypes,
    supportedResponseTypes: _responseTypes,
    supportedTokenAuthMethods: _methods,
    ...everything
  } = service;
  return { ...everything, protocolRegistration: 'OPEN' };
}
