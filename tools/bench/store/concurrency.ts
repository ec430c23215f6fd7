import { join } from 'node:path';
import { builtServer } from '../built-server.ts';
import { measureRounds, ratio, spread, type Effort, type Spread } from '../rounds.ts';
import { insertClients, updatesTogether } from './clients.ts';
import { clientStoreOn, postgresOn, sqliteIn } from './engines.ts';
import { OneStatementEach } from './one-statement-each.ts';
import { OneTransactionEach } from './one-transaction-each.ts';

export const CALLERS = 64;

const { openSqlite } = await builtServer();

/** Updates by 64 callers at once. */
export interface ConcurrencyReport {
  readonly callers: number;
  /** Microseconds of one update, the callers' together divided by their number. */
  readonly times: Readonly<Record<Subject, Spread>>;
  /** How many times what the one takes the other takes. */
  readonly groupCommitGain: Spread;
  readonly oneForAllGain: Spread;
}

export type Subject = 'groupCommit' | 'oneTransactionEach' | 'oneForAll' | 'oneStatementEach';

export async function measureConcurrency(
  folder: string,
  postgresUrl: string,
  effort: Effort,
): Promise<ConcurrencyReport> {
  const grouped = await sqliteIn(folder)('grouped');
  const groupCommit = clientStoreOn(grouped.database);
  await insertClients(groupCommit, CALLERS);

  // The schema and the clients are made by the server's own engine; what it opens next is a connection of the same settings.
  const prepared = await sqliteIn(folder)('single');
  await insertClients(clientStoreOn(prepared.database), CALLERS);
  await prepared.close();
  const connection = await openSqlite(join(folder, 'single.db'));
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const single = new OneTransactionEach(connection);
  const oneTransactionEach = clientStoreOn(single);

  const postgres = await postgresOn(postgresUrl)('postgres');
  const oneForAll = clientStoreOn(postgres.database);
  await insertClients(oneForAll, CALLERS);
  const oneStatementEach = clientStoreOn(new OneStatementEach(postgres.database));

  const stores = { groupCommit, oneTransactionEach, oneForAll, oneStatementEach };
  const subjects = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, () => updatesTogether(store, CALLERS)]),
  ) as Record<Subject, () => Promise<void>>;
  const times = await measureRounds(subjects, effort);

  await grouped.close();
  await single.close();
  await postgres.close();
  const each = (values: readonly number[]) => spread(values.map((time) => time / CALLERS));
  return {
    callers: CALLERS,
    times: {
      groupCommit: each(times.groupCommit),
      oneTransactionEach: each(times.oneTransactionEach),
      oneForAll: each(times.oneForAll),
      oneStatementEach: each(times.oneStatementEach),
    },
    groupCommitGain: ratio(times.oneTransactionEach, times.groupCommit),
    oneForAllGain: ratio(times.oneStatementEach, times.oneForAll),
  };
}
