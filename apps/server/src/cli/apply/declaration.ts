import { dirname, resolve } from 'node:path';
import type { ClientInput } from '@clientele/client';
import { isJsonObject, quote, type JsonObject } from '@clientele/model/metadata';
import { clientInputSchema } from '../../openapi/client-input-schema.ts';
import { MANAGER } from '../client/stored-client.ts';
import { STANDARD_INPUT } from '../text-file.ts';
import { YamlFile, type Path } from '../yaml-file.ts';
import { readSecret } from './secret-source.ts';

const MOST_CLIENTS = 10_000;

/** A declared client: the body of its `PUT`. */
export interface DeclaredClient {
  readonly id: string;
  readonly body: ClientInput;
  /** The file and the line of the declaration. */
  readonly place: string;
}

export interface Declaration {
  readonly manager: string;
  readonly clients: readonly DeclaredClient[];
}

const PROPERTIES: ReadonlySet<string> = new Set(Object.keys(clientInputSchema().properties as object));

/** Reads the declared clients and their secrets. Throws an error with the line of the first problem, before any call. */
export async function readDeclaration(path: string, environment = process.env): Promise<Declaration> {
  const file = await YamlFile.read(path);
  const { manager, clients, ...unknown } = file.object;
  for (const name of Object.keys(unknown))
    throw file.error([name], `${quote(name)} is unknown; use manager and clients.`);
  if (typeof manager !== 'string' || !/^[A-Za-z\d][\w.-]{0,99}$/.test(manager))
    throw file.error(['manager'], "manager must be a name of 1 to 100 letters, digits, '.', '_' and '-'.");
  if (!Array.isArray(clients)) throw file.error(['clients'], 'clients must be a list.');
  if (clients.length > MOST_CLIENTS) throw file.error(['clients'], `at most ${MOST_CLIENTS} clients are accepted.`);
  const folder = path === STANDARD_INPUT ? '.' : dirname(resolve(path));
  const declared = new Map<string, DeclaredClient>();
  for (const [index, client] of (clients as unknown[]).entries()) {
    const at: Path = ['clients', index];
    if (!isJsonObject(client)) throw file.error(at, 'a client must be an object.');
    const { id: given, clientSecret, attributes, ...properties } = client;
    const id = typeof given === 'number' ? String(given) : given;
    if (id !== given && !(Number.isSafeInteger(given) && file.sourceOf([...at, 'id']) === id))
      throw file.error(
        [...at, 'id'],
        'the number is not written as an ID; quote it if it is the client_id of the client.',
      );
    if (typeof id !== 'string' || id === '') throw file.error([...at, 'id'], 'id must be the client_id of the client.');
    if (declared.has(id)) throw file.error([...at, 'id'], `${quote(id)} is declared twice.`);
    for (const name of Object.keys(properties).filter((each) => !PROPERTIES.has(each) || each === 'clientSecretHash'))
      throw file.error([...at, name], `${quote(name)} is not a property that you can set.`);
    const fail = (problem: string) => file.error([...at, 'clientSecret'], problem);
    const secret = clientSecret === undefined ? {} : await readSecret(clientSecret, { folder, environment, fail });
    const all = {
      ...properties,
      attributes: withManager(attributes, manager, (problem) => file.error([...at, 'attributes'], problem)),
    };
    declared.set(id, { id, body: { ...all, ...secret }, place: file.placeOf(at) });
  }
  return { manager, clients: [...declared.values()] };
}

function withManager(attributes: unknown = [], manager: string, fail: (problem: string) => Error): JsonObject[] {
  if (!Array.isArray(attributes) || !attributes.every(isJsonObject))
    throw fail('attributes must be a list of objects with key and value.');
  if (attributes.some(({ key }) => key === MANAGER)) throw fail(`${MANAGER} must be absent: the command sets it.`);
  return [...attributes, { key: MANAGER, value: manager }];
}
