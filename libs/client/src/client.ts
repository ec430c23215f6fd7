import { AccessTokens } from './access-tokens.ts';
import { Clients } from './clients.ts';
import { InitialAccessTokens } from './initial-access-tokens.ts';
import { readOptions, type ClienteleOptions } from './options.ts';
import { Registration } from './registration.ts';
import { Services } from './services.ts';
import { Transport } from './transport.ts';

/** The API of one service, and of the services themselves. */
export class Clientele {
  /** Look-up and administration of clients. */
  readonly clients: Clients;
  /** Dynamic client registration (RFC 7591 and RFC 7592). */
  readonly registration: Registration;
  /** The API access tokens of the service. */
  readonly accessTokens: AccessTokens;
  /** The tokens with which client applications may register at the service. */
  readonly initialAccessTokens: InitialAccessTokens;
  /** All services. */
  readonly services: Services;

  /** @throws {TypeError} if an option is invalid. The message names the option. */
  constructor(options: ClienteleOptions) {
    const settings = readOptions(options);
    const service = new Transport(settings, settings.serviceUrl);
    this.clients = new Clients(service);
    this.registration = new Registration(service);
    this.accessTokens = new AccessTokens(service);
    this.initialAccessTokens = new InitialAccessTokens(service);
    this.services = new Services(new Transport(settings, settings.apiUrl));
  }
}
