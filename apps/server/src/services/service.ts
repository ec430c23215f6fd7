import type { Plane } from '@clientele/model/decision';
import type { ProtocolRegistration } from '@clientele/model/metadata';
import { ServiceSettingsDto } from './service-settings.dto.ts';

/** The settings as plain data. */
type ServiceSettings = { [P in keyof ServiceSettingsDto]: ServiceSettingsDto[P] };

/** The members that the server adds to the settings of a service. */
export const ADDED_MEMBERS = ['apiKey', 'number', 'createdAt', 'modifiedAt'] as const;

/** A service: the settings of one authorization server, and the members that the server adds. */
export type Service = ServiceSettings & {
  /** The service ID. Authlete names it `apiKey`. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. It increases with every change. */
  readonly modifiedAt: number;
};

/**
 * The values that a new service supports: the flows that RFC 9700 recommends, for confidential and public clients. The settings
 * can add the implicit and the password grant, against which it advises, and flows that need further endpoints.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-2
 */
const SUPPORTED = {
  supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'],
  supportedResponseTypes: ['CODE'],
  supportedTokenAuthMethods: ['NONE', 'CLIENT_SECRET_BASIC', 'CLIENT_SECRET_POST', 'PRIVATE_KEY_JWT'],
};

/** The settings of a new service that are not defaults: authorization servers may register clients. */
export const SETTINGS_OF_NEW_SERVICE = {
  ...SUPPORTED,
  dynamicRegistrationSupported: true,
  unauthorizedOnClientConfigSupported: true,
};

/** A new service. Only authorization servers may register clients, unless its `protocolRegistration` is changed. */
export function newService(apiKey: number, number: number, now: number): Service {
  return {
    ...settings(new ServiceSettingsDto()),
    ...SETTINGS_OF_NEW_SERVICE,
    serviceName: `Service ${number}`,
    apiKey,
    number,
    createdAt: now,
    modifiedAt: now,
  };
}

/** A new service with these settings. */
export function serviceWith(replacement: ServiceSettingsDto, apiKey: number, number: number, now: number): Service {
  return { ...settings(replacement), apiKey, number, createdAt: now, modifiedAt: now };
}

/** A service with all its settings replaced. An omitted setting has its default. */
export function withSettings(service: Service, replacement: ServiceSettingsDto): Service {
  const { apiKey, number, createdAt, modifiedAt } = service;
  return { ...settings(replacement), apiKey, number, createdAt, modifiedAt: Math.max(Date.now(), modifiedAt + 1) };
}

/** Returns who may register a client on a plane. Authlete's two settings decide on the API plane alone. */
export function registrationOn(plane: Plane, service: Service): ProtocolRegistration {
  if (plane === 'protocol') return service.protocolRegistration;
  if (!service.dynamicRegistrationSupported) return 'OFF';
  return service.initialAccessTokenRequired ? 'INITIAL_ACCESS_TOKEN' : 'OPEN';
}

/** The settings that are present, as plain data. */
function settings(dto: ServiceSettingsDto): ServiceSettings {
  return JSON.parse(JSON.stringify(dto)) as ServiceSettings;
}

/**
 * The strong entity tag of the current version of a service.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.3
 */
export function serviceTag({ apiKey, modifiedAt }: Service): string {
  return `"${apiKey.toString(36)}.${modifiedAt.toString(36)}"`;
}
