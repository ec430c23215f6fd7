import { Injectable } from '@nestjs/common';
import { parseId } from '@clientele/model';
import { ClientStore } from './client-store.ts';
import { NO_CLIENT, type ClientHead, type FoundClient } from './client.ts';

/** Finds clients by any of their identifiers: the number, the `client_id` under which a client was created, or an alias. */
@Injectable()
export class ClientLookup {
  constructor(private readonly clients: ClientStore) {}

  /**
   * The client of a service with an identifier; `undefined` if there is none, or if it has expired. The statements are the same
   * for an unknown client. Throws `StoreUnavailableError`.
   */
  async find(serviceId: number, identifier: string): Promise<FoundClient | undefined> {
    const client = await this.findStored(serviceId, identifier);
    return client === undefined || isExpired(client) ? undefined : client;
  }

  /** The client, also if it has expired: administrators may change it. */
  async findStored(serviceId: number, identifier: string): Promise<FoundClient | undefined> {
    const number = parseId(identifier) ?? (await this.clients.findIdentifier(serviceId, identifier)) ?? NO_CLIENT;
    const client = await this.clients.find(serviceId, number);
    return client !== undefined && isIdentifiedBy(client, identifier) ? client : undefined;
  }
}

/** Whether the time after which the client is treated as deleted has come. */
export function isExpired({ administration: { expiresAt } }: ClientHead, now = Date.now()): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/** An alias may have been given to another client since its number was read. */
function isIdentifiedBy({ clientId, identifiers: { canonical, alias } }: FoundClient, identifier: string): boolean {
  return identifier === String(clientId) || identifier === canonical || identifier === alias;
}
