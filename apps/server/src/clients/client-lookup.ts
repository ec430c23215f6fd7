import { Injectable } from '@nestjs/common';
import { parseId } from '@clientele/model';
import { quote } from '@clientele/model/metadata';
import { ApiError } from '../http/api-error.ts';
import { ClientStore } from './client-store.ts';
import { NO_CLIENT, type ClientHead, type FoundClient } from './client.ts';

/** Finds clients by any of their identifiers: the number, the `client_id` under which a client was created, or an alias. */
@Injectable()
export class ClientLookup {
  constructor(private readonly clients: ClientStore) {}

  /**
   * The client of a service with an identifier; `undefined` if there is none, or if it has expired. An unknown client needs the same
   * statements as a known one, so that the time does not reveal which it is. Throws `StoreUnavailableError`.
   */
  async find(serviceId: number, identifier: string): Promise<FoundClient | undefined> {
    const client = await this.findStored(serviceId, identifier);
    return client === undefined || isExpired(client) ? undefined : client;
  }

  /** As `find`, but returns an expired client too, because administrators may change it. */
  async findStored(serviceId: number, identifier: string): Promise<FoundClient | undefined> {
    const number = await this.numberOf(serviceId, identifier);
    const client = await this.clients.find(serviceId, number ?? NO_CLIENT);
    return client !== undefined && isIdentifiedBy(client, identifier) ? client : undefined;
  }

  /** As `findStored`, but throws `ApiError` if there is no such client. */
  async existing(serviceId: number, identifier: string): Promise<FoundClient> {
    const client = await this.findStored(serviceId, identifier);
    if (client === undefined) throw clientUnknown(identifier);
    return client;
  }

  /** The subject of changes by administrators (`ChangeQueues`): the client with an identifier, or the identifier if no client has it. */
  async subjectOf(serviceId: number, identifier: string): Promise<string> {
    return `administration of ${serviceId}/${(await this.numberOf(serviceId, identifier)) ?? identifier}`;
  }

  private async numberOf(serviceId: number, identifier: string): Promise<number | undefined> {
    return parseId(identifier) ?? (await this.clients.findIdentifier(serviceId, identifier));
  }
}

/** Whether the client has expired and is treated as deleted. */
export function isExpired({ administration: { expiresAt } }: ClientHead): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

/** The error of a call for a client that does not exist. */
export function clientUnknown(identifier: string): ApiError {
  return new ApiError(404, 'clientUnknown', { identifier: quote(identifier) });
}

/** An alias may have been given to another client since its number was read. */
function isIdentifiedBy({ clientId, identifiers: { canonical, alias } }: FoundClient, identifier: string): boolean {
  return identifier === String(clientId) || identifier === canonical || identifier === alias;
}
