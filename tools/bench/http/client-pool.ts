/** What a caller knows of a client that it registered. */
export interface KnownClient {
  readonly clientId: string;
  readonly token: string;
}

/** The clients that calls are for: any of them, but each by one call at a time, for an update may replace its token. */
export class ClientPool {
  constructor(private readonly clients: KnownClient[] = []) {}

  get size(): number {
    return this.clients.length;
  }

  take(): KnownClient {
    const { clients } = this;
    const place = Math.floor(Math.random() * clients.length);
    const [taken, last] = [clients[place], clients.pop()];
    if (taken === undefined || last === undefined) throw new Error('There are more connections than clients.');
    if (taken !== last) clients[place] = last;
    return taken;
  }

  giveBack(client: KnownClient): void {
    this.clients.push(client);
  }
}
