import { ApiError, type Client, type ClientDifference, type Clients } from '@clientele/client';
import { counted } from '../counted.ts';
import { CommandError, InterruptedError } from '../command-error.ts';
import { clientIdOf, MANAGER } from '../client/stored-client.ts';
import { refusalOf } from '../connection.ts';
import type { DeclaredClient, Declaration } from './declaration.ts';
import { inParallel } from './in-parallel.ts';

/** The calls of `clientele apply`. */
export type Calls = Pick<Clients, 'preview' | 'list' | 'put' | 'delete'>;

/** A client that differs from its declaration. */
interface Step extends DeclaredClient {
  readonly outcome: 'created' | 'changed';
  /** The entity tag of the version that the step replaces. */
  readonly etag: string | undefined;
  readonly differences: readonly ClientDifference[];
}

export interface Plan {
  readonly manager: string;
  readonly steps: readonly Step[];
  readonly unchanged: number;
  /** The clients of the manager that are not declared: deleted with `--prune`, otherwise kept. */
  readonly deleted: readonly Client[];
  readonly kept: readonly Client[];
}

export interface PlanOptions {
  readonly prune?: boolean;
  readonly adopt?: boolean;
}

const CHANGED = 'somebody changed the client after the comparison.';

export const UNCHANGED = 'Nothing was changed.';

/** The most refused clients that an error names. */
const MOST_REFUSALS = 20;

/** Compares the declared clients with those of the server. Changes nothing. */
export async function planOf(
  clients: Calls,
  { manager, clients: declared }: Declaration,
  options: PlanOptions,
  onProgress: (done: number) => void = () => undefined,
): Promise<Plan> {
  let done = 0;
  const previews = await inParallel(declared, async (client) => {
    const preview = await clients.preview(client.id, client.body).catch((error: unknown) => {
      if (error instanceof ApiError && [400, 404].includes(error.status)) return error;
      throw error;
    });
    onProgress(++done);
    return { client, preview };
  });
  const refusals = previews.flatMap(({ client, preview }) =>
    preview instanceof ApiError ? [`${nameOf(client)}: ${refusalOf(preview)}`] : [],
  );
  if (refusals.length > 0) throw new CommandError(textOf(refusals));
  // The list is read after the previews: if the manager changes in between, the version of the preview is not current.
  const { identifiers, others } = await managedBy(clients, manager, declared);
  const steps: Step[] = [];
  for (const { client, preview } of previews) {
    if (preview instanceof ApiError) continue;
    const { outcome, etag, differences } = preview;
    if (outcome !== 'created' && !identifiers.has(client.id) && !options.adopt)
      throw new CommandError(
        `${client.id} exists and is not managed by ${manager}. To take it over, pass --adopt. ${UNCHANGED}`,
      );
    if (outcome !== 'unchanged') steps.push({ ...client, outcome, etag, differences });
  }
  const [deleted, kept] = options.prune ? [others, []] : [[], others];
  return { manager, steps, unchanged: declared.length - steps.length, deleted, kept };
}

function nameOf({ place, id }: DeclaredClient): string {
  return `${place}: ${id}`;
}

function textOf(refusals: readonly string[]): string {
  const others = refusals.length - MOST_REFUSALS;
  return [
    'Nothing was changed, because the server refuses:',
    ...refusals.slice(0, MOST_REFUSALS),
    ...(others > 0 ? [`and ${counted(others, 'more client')}.`] : []),
  ].join('\n  ');
}

/** All identifiers of the clients of a manager, and its clients that are not declared. */
async function managedBy(clients: Calls, manager: string, declared: readonly DeclaredClient[]) {
  const ids = new Set(declared.map(({ id }) => id));
  const identifiers = new Set<string>();
  const others: Client[] = [];
  for await (const client of clients.list({ attribute: `${MANAGER}=${manager}` }, { pageSize: 1_000 })) {
    const { clientId, canonicalClientId, clientIdAlias } = client;
    const own = [String(clientId), canonicalClientId, clientIdAlias].filter((each) => typeof each === 'string');
    const [first, second] = own.filter((each) => ids.has(each));
    if (second !== undefined)
      throw new CommandError(`${String(first)} and ${second} are the same client. ${UNCHANGED}`);
    for (const identifier of own) identifiers.add(identifier);
    if (first === undefined) others.push(client);
  }
  return { identifiers, others };
}

/**
 * Makes the changes of a plan, each only if the client has not changed since. It can be interrupted anywhere: the next plan has the
 * changes that are missing. The signal lets it end after the running calls.
 */
export async function applyPlan(
  clients: Calls,
  { steps, deleted }: Plan,
  signal: AbortSignal = new AbortController().signal,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  let done = 0;
  const change = async (name: string, call: () => Promise<unknown>): Promise<void> => {
    signal.throwIfAborted();
    await call().catch((error: unknown) => {
      throw failureOf(name, error);
    });
    onProgress(++done);
  };
  try {
    await inParallel(steps, (step) =>
      change(nameOf(step), () => {
        const { id, body, etag } = step;
        return clients.put(id, body, etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag });
      }),
    );
    await inParallel(deleted, (client) => change(clientIdOf(client), () => deleteUnchanged(clients, client)));
  } catch (error) {
    const made = `${done} of ${steps.length + deleted.length} changes were made. Run the command again.`;
    if (error === signal.reason) throw new InterruptedError(`Interrupted: ${made}`);
    if (!(error instanceof CommandError)) throw error;
    // Without a response, a change may have been made or not.
    const atLeast = error.cause === undefined || error.cause instanceof ApiError ? '' : 'At least ';
    throw new CommandError(`${error.message} ${atLeast}${made}`, { cause: error });
  }
}

/** Deletes a client unless it has changed since it was listed: lists have no entity tags. */
async function deleteUnchanged(clients: Calls, { clientId, modifiedAt }: Client): Promise<void> {
  const { value: current } = await clients.list({ identifier: clientId }, { pageSize: 1 }).next();
  if (!current) return;
  if (current.modifiedAt !== modifiedAt) throw new CommandError(CHANGED);
  await clients.delete(clientId).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  });
}

function failureOf(name: string, error: unknown): CommandError {
  if (error instanceof CommandError) return new CommandError(`${name}: ${error.message}`);
  let reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ApiError) reason = error.status === 412 ? CHANGED : refusalOf(error);
  return new CommandError(`${name}: ${reason}`, { cause: error });
}
