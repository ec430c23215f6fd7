/**
 * A service, Authlete's tenant: the settings of one authorization server, under Authlete's names.
 */
export interface Service {
  /** The service ID. Authlete: `apiKey` by name. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  readonly serviceName: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Whether clients may be registered by RFC 7591. Clients that are registered stay manageable without it. */
  readonly dynamicRegistrationSupported: boolean;
  /** Whether the failures of a registration access token are the action UNAUTHORIZED; BAD_REQUEST otherwise. */
  readonly unauthorizedOnClientConfigSupported: boolean;
  /** The client registration endpoint, where it is not this server's. */
  readonly registrationEndpoint?: string;
  /** The base of the client configuration endpoints, where it is not the client registration endpoint. */
  readonly registrationManagementEndpoint?: string;
  /** Whether `error_description` is left out of what client applications are sent. */
  readonly errorDescriptionOmitted: boolean;
}

/** What a new service is made of. */
export function newService(apiKey: number, number: number, now: number): Service {
  return {
    apiKey,
    number,
    serviceName: `Service ${number}`,
    createdAt: now,
    modifiedAt: now,
    dynamicRegistrationSupported: true,
    unauthorizedOnClientConfigSupported: true,
    errorDescriptionOmitted: false,
  };
}
