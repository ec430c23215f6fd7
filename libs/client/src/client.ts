import { Clients } from './clients.ts';
import type { ClienteleOptions } from './options.ts';
import { Registration } from './registration.ts';
import { Transport } from './transport.ts';

/** The API of one service. */
export class Clientele {
  /** Look-up and administration of clients. */
  readonly clients: Clients;
  /** Dynamic client registration (RFC 7591 and RFC 7592). */
  readonly registration: Registration;

  /** @throws {TypeError} if an option is invalid. The message names the option. */
  constructor(options: ClienteleOptions) {
    const transport = new Transport(options);
    this.clients = new Clients(transport);
    this.registration = new Registration(transport);
  }
}
