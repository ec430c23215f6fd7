import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { withoutTrailingSlashes } from '@clientele/model/wire';
import { Config } from '../config/config.ts';
import { PROTOCOL_PATH } from '../http/paths.ts';
import type { Service } from './service.ts';

/** The absolute URLs that the server gives out. They come from the configuration and the service, never from a header. */
@Injectable()
export class PublicUrls {
  private readonly configured: string | undefined;
  private listening: string;

  constructor(@Inject(Config) { baseUrl, host, port }: Pick<Config, 'baseUrl' | 'host' | 'port'>) {
    this.configured = baseUrl;
    this.listening = httpUrl(host, port);
  }

  /** Sets the address on which the server listens, which the configuration may leave open. */
  listeningAt(host: string, port: number): void {
    this.listening = httpUrl(host, port);
  }

  /** The base of all URLs, without a slash at its end. */
  get baseUrl(): string {
    return this.configured ?? this.listening;
  }

  /** The issuer identifier, from which discovery starts: that of the authorization server, or that of the service here. */
  issuer(service: Service): string {
    return service.issuer ?? this.protocolPlane(service);
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  clientRegistrationEndpoint(service: Service): string {
    return service.registrationEndpoint ?? `${this.protocolPlane(service)}/register`;
  }

  /**
   * The part of `registration_client_uri` before `/{clientId}`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
   */
  clientConfigurationEndpoint(service: Service): string {
    const base = service.registrationManagementEndpoint ?? this.clientRegistrationEndpoint(service);
    return withoutTrailingSlashes(base);
  }

  /** The base of the endpoints for client applications. */
  protocolPlane({ apiKey }: Service): string {
    return `${this.baseUrl}${PROTOCOL_PATH}/${apiKey}`;
  }
}

/** The URL of a server on a host and port. */
export function httpUrl(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
