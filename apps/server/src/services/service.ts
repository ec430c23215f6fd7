import { ServiceSettingsDto } from './service-settings.dto.ts';

/** The settings as plain data. */
type ServiceSettings = { [P in keyof ServiceSettingsDto]: ServiceSettingsDto[P] };

/** The members that the server adds to the settings of a service. */
export const ADDED_MEMBERS = ['apiKey', 'number', 'createdAt', 'modifiedAt'] as const;

/** A service: the settings of one authorization server, and the members that the server adds. */
export interface Service extends ServiceSettings {
  /** The service ID. Authlete names it `apiKey`. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. It increases with every change. */
  readonly modifiedAt: number;
}

/** A new service: it is open to dynamic registration and supports every value. */
export function newService(apiKey: number, number: number, now: number): Service {
  return {
    ...settings(new ServiceSettingsDto()),
    serviceName: `Service ${number}`,
    dynamicRegistrationSupported: true,
    unauthorizedOnClientConfigSupported: true,
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
