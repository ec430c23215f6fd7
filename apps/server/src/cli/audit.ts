import { parseId } from '@clientele/model';
import { quote } from '@clientele/model/metadata';
import { Command, InvalidArgumentError } from 'commander';
import { countPending, findInLog, hasLog, listEntries, type DamagedEntry } from '../audit/list.ts';
import { verifyLog, type VerifiedChain } from '../audit/verify.ts';
import { INSTALLATION } from '../changes/chains.ts';
import type { Actor } from '../changes/change.ts';
import type { Entry, SealedDifference } from '../changes/entry.ts';
import { startNewEpoch } from '../changes/new-epoch.ts';
import { FIND_IDENTIFIER } from '../clients/client-sql.ts';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { hashToken } from '../crypto/token.ts';
import type { SqlSession } from '../database/database.ts';
import { counted } from './counted.ts';
import { CommandError } from './command-error.ts';
import { EXIT_CODE } from './exit-code.ts';
import { withAction, type Result } from './result.ts';
import { BY_COMMAND, changeStore, readSession } from './store.ts';
import { columns } from './terminal.ts';

const LIMIT = 50;
/** The most names of members in a line. */
const MEMBERS = 5;
const LARGEST_LIMIT = 10_000;

interface ListOptions {
  readonly client?: string;
  readonly after?: number;
  readonly limit: number;
}

/** `clientele audit`: shows and verifies the log of changes. */
export function auditCommand(): Command {
  const verify = new Command('verify')
    .description('verify that nobody changed the log or the clients behind the server; servers may run')
    .argument('[serviceId]', 'only this service; 0 is the installation', parseCount);
  const list = new Command('list')
    .description('show the latest sealed changes of a service; servers may run')
    .argument('<serviceId>', 'the ID of the service; 0 is the installation', parseCount)
    .option(
      '--client <id>',
      'only the changes of this client: its number, client_id or alias; if deleted, not its alias',
    )
    .option('--after <number>', 'begin after the entry with this number', parseCount)
    .option('--limit <entries>', `the largest number of entries, up to ${LARGEST_LIMIT}`, parseLimit, LIMIT);
  const newEpoch = new Command('new-epoch').description(
    'note in the log of every service that the store was restored: run it after pg_restore',
  );
  return new Command('audit')
    .description('show and verify the log of changes')
    .addCommand(withAction(verify, verifyAll))
    .addCommand(withAction(list, listChanges))
    .addCommand(withAction(newEpoch, beginEpoch));
}

async function verifyAll(serviceId: number | undefined): Promise<Result> {
  const config = Config.from(process.env);
  const chains = await readSession(config, (session) =>
    verifyLog(session, new SecretEncryption(existingEncryptionKeys(config)), serviceId),
  );
  if (chains.length === 0) throw noService(serviceId ?? INSTALLATION);
  const problems = chains.flatMap((chain) => chain.problems);
  return {
    document: { verified: problems.length === 0, chains },
    lines: chains.flatMap(described),
    exitCode: problems.length === 0 ? EXIT_CODE.done : EXIT_CODE.failed,
  };
}

function described({ serviceId, entries, pending, clients, problems }: VerifiedChain): readonly string[] {
  const name = serviceId === INSTALLATION ? 'installation' : `service ${serviceId}`;
  const counts = `${counted(entries, 'entry')}, ${pending} not sealed yet, ${counted(clients, 'client')}`;
  return [
    `${name}: ${problems.length === 0 ? 'verified' : 'NOT VERIFIED'}: ${counts}`,
    ...problems.map((text) => `  ${text}`),
  ];
}

async function listChanges(serviceId: number, { client, after, limit }: ListOptions): Promise<Result> {
  const { entries, pending } = await readSession(Config.from(process.env), async (session) => {
    if (!(await hasLog(session, serviceId))) throw noService(serviceId);
    const clientId = client === undefined ? undefined : await numberOf(session, serviceId, client);
    return {
      entries: await listEntries(session, { serviceId, clientId, after, limit }),
      pending: await countPending(session, serviceId),
    };
  });
  return {
    document: { entries, pending },
    lines: columns(entries.map(cellsOf)),
    notes: pending === 0 ? [] : [`Changes that are not sealed yet: ${pending}.`],
  };
}

/** The number of a client, which need not exist if the identifier is a number. */
async function numberOf(session: SqlSession, serviceId: number, identifier: string): Promise<number> {
  const number = parseId(identifier);
  if (number !== undefined) return number;
  const [row] = await session.query(FIND_IDENTIFIER, [serviceId, hashToken(identifier)]);
  const found = row === undefined ? await findInLog(session, serviceId, identifier) : Number(row.client_id);
  if (found !== undefined) return found;
  throw new CommandError(
    `There is no client ${quote(identifier)} in the service ${serviceId}, and the log has none with this client_id.`,
  );
}

function cellsOf(entry: Entry | DamagedEntry): readonly string[] {
  if ('damage' in entry) return [String(entry.sequence), 'UNREADABLE', entry.damage];
  const { sequence, at, action, subject, actor, differences } = entry;
  const version = subject.version === undefined ? '' : ` version ${subject.version}`;
  return [
    String(sequence),
    new Date(at).toISOString(),
    action,
    `${subject.canonicalId ?? subject.id}${version}`,
    nameOf(actor),
    membersOf(differences),
  ];
}

/** The names of a few changed members: a created service or client has dozens. */
function membersOf(differences: readonly SealedDifference[]): string {
  const names = differences.slice(0, MEMBERS).map(textOf).join(', ');
  const rest = differences.length - MEMBERS;
  return rest > 0 ? `${names} and ${rest} more` : names;
}

/** The changed member. A lock needs its value too: locking and unlocking change the same member. */
function textOf({ member, after }: SealedDifference): string {
  return member === 'locked' && after !== true ? 'unlocked' : member;
}

function nameOf(actor: Actor): string {
  switch (actor.type) {
    case 'api_access_token':
      return `API access token ${actor.id}`;
    case 'client':
      return actor.plane === 'api'
        ? `client through ${actor.apiAccessToken ?? ''}`
        : `client at ${actor.address ?? ''}`;
    case 'cli':
      return actor.user === undefined ? 'command line' : `command line (${actor.user})`;
    case 'system':
      return 'server';
  }
}

function beginEpoch(): Promise<Result> {
  return changeStore(Config.from(process.env), async ({ database, encryption }) => {
    const { epoch, chains, damaged } = await startNewEpoch(database, encryption, BY_COMMAND);
    return {
      document: { epoch, chains, damaged },
      lines: [`The new epoch ${epoch} is in ${counted(chains, 'chain')} of entries.`],
      notes: notesOnDamage(damaged),
    };
  });
}

/** The notes about chains whose end was changed behind the server. */
export function notesOnDamage(damaged: readonly number[]): readonly string[] {
  return damaged.map((serviceId) => {
    const owner = serviceId === INSTALLATION ? 'the installation' : `service ${serviceId}`;
    return `The log of ${owner} was changed behind the server: run 'clientele audit verify ${serviceId}'.`;
  });
}

function noService(serviceId: number): CommandError {
  return new CommandError(serviceId === INSTALLATION ? 'There is no service.' : `There is no service ${serviceId}.`);
}

function parseCount(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('Pass a whole number, 0 or more.');
  return number;
}

function parseLimit(text: string): number {
  const limit = parseCount(text);
  if (limit < 1 || limit > LARGEST_LIMIT)
    throw new InvalidArgumentError(`Pass a whole number from 1 to ${LARGEST_LIMIT}.`);
  return limit;
}
