import { ClientDocument } from '../../src/clients/client-document.ts';
import { ClientPages, type PlacedClient } from '../../src/clients/client-pages.ts';
import type { TestServer } from './server.ts';

/** Lets every service have endlessly many clients, which no settings affect; returns a function that ends that. */
export function endlessClients(
  { app }: Pick<TestServer, 'app'>,
  beforeRead: () => Promise<void> = () => Promise.resolve(),
): () => void {
  const pages = app.get(ClientPages);
  const read = pages.read.bind(pages);
  const client = { clientId: 1, identifiers: {}, document: ClientDocument.stored('unreadable') };
  const placed = { client, position: { term: '', clientId: 1 }, characters: 1_000 } as unknown as PlacedClient;
  pages.read = async (_serviceId, _range, _after, limit) => {
    await beforeRead();
    return Array.from({ length: limit }, () => placed);
  };
  return () => {
    pages.read = read;
  };
}
