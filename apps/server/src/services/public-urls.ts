import { isIPv6 } from 'node:net';
import type { Config } from '../config/config.ts';
import type { Service } from './service.ts';

/** The absolute URLs that are given out: from the configuration and the service, never from a request's headers. */
export class PublicUrls {
  private readonly configured: string | undefined;
  private listening: string;

  constructor({ baseUrl, host, port }: Pick<Config, 'baseUrl' | 'host' | 'port'>) {
    this.configured = baseUrl;
    this.listening = httpUrl(host, port);
  }

  /** Tells the port that was taken where the configuration leaves it open. */
  listeningAt(host: string, port: number): void {
    this.listening = httpUrl(host, port);
  }

  /** Without a slash at its end. */
  get baseUrl(): string {
    return this.configured ?? this.listening;
  }

  /** Where discovery starts: the authorization server's own issuer identifier, or this server's for the service. */
  issuer(service: Service): string {
    return service.issuer ?? this.protocolPlane(service);
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  clientRegistrationEndpoint(service: Service): string {
    return service.registrationEndpoint ?? `${this.protocolPlane(service)}/register`;
  }

  /**
   * What stands before `/{clientId}` in `registration_client_uri`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
   */
  clientConfigurationEndpoint(service: Service): string {
    const base = service.registrationManagementEndpoint ?? this.clientRegistrationEndpoint(service);
    return base.replace(/\/+$/, '');
  }

  private protocolPlane({ apiKey }: Service): string {
    return `${this.baseUrl}/connect/${apiKey}`;
  }
}

function httpUrl(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
