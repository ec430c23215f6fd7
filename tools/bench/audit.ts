import { table } from '../docs/markdown.ts';
import { AuditLog } from './audit-log.ts';
import { registerClients, type Calls } from './calls.ts';
import { auditVariant, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, percentile, type Figures, type Load, type Measured } from './load.ts';
import { sendAtRate } from './overload.ts';
import { comparisonTable, medianAndMinimum, short } from './page.ts';

const CLIENTS = 500;

/** Connections of the load at a fixed rate. */
const CONNECTIONS = 256;

const VARIANTS = { none: 'no audit', pending: 'pending rows', all: 'pending rows and sealer' };

interface Variant {
  readonly name: string;
  readonly update: Calls;
  readonly log: AuditLog;
  readonly seals: boolean;
  readonly results: Figures[];
}

/** Updates without and with the audit, and how soon the sealer seals them. */
export async function audit(load: Load): Promise<string> {
  const variants: Variant[] = [];
  for (const [variant, name] of Object.entries(VARIANTS)) {
    const settings = onSqlite();
    const { update } = await registerClients(await auditVariant(variant, settings), DOCUMENTS.jwks, CLIENTS);
    variants.push({ name, update, log: await AuditLog.of(settings), seals: variant === 'all', results: [] });
  }
  for (let round = 0; round <= load.rounds; round++) {
    for (const { update, log, seals, results } of variants) {
      const figures = await callUnderLoad(update, load, seals ? () => log.drained() : undefined);
      // In the first round, the engine compiles what it runs.
      if (round > 0) results.push(figures);
    }
  }
  const measured = variants.map(({ name, update, results }): Measured => {
    return { name, operation: 'update', calls: update, results };
  });
  const text = `Updates on SQLite by a server whose audit is removed in parts; the product has no such setting. The processor time includes the
sealing of all changes, also after the last response.

${comparisonTable('audit', measured, [VARIANTS.none])}

${shares(measured)}

${await lags(variants.at(-1)!, load)}`;
  for (const { log } of variants) log.close();
  return text;
}

function shares([none, pending, all]: readonly Measured[]): string {
  const between = (one: Measured, other: Measured) =>
    medianAndMinimum(other.results.map(({ cpu }, round) => cpu - one.results[round]!.cpu));
  return `Processor time of an update, us: pending row ${between(none!, pending!)}, sealer ${between(pending!, all!)}.`;
}

/** How soon changes are sealed, at parts of the highest rate and at that rate. */
async function lags({ update, log, results }: Variant, load: Load): Promise<string> {
  const seconds = load.seconds * load.rounds;
  const capacity = percentile(
    results.map(({ rate }) => rate),
    0.5,
  );
  const connections = await update.open(CONNECTIONS);
  const parts = [0.25, 0.5, 0.75, 0.9].map((part) => ({
    name: `${part} x ${short(capacity)}/s`,
    work: async () => (await sendAtRate(update, connections, part * capacity, seconds))[2]!,
  }));
  const closed = {
    name: `${load.connections} waiting connections`,
    work: async () => (await callUnderLoad(update, { ...load, seconds })).rate,
  };
  const rows: string[][] = [];
  for (const { name, work } of [...parts, closed]) {
    await log.drained();
    const working = work();
    const growth = await log.watch(working);
    const { sealed, pending, lags: all } = growth;
    const lag = [0.5, 0.99, 1].map((part) => short(percentile(all, part)));
    rows.push([name, short(await working), short(sealed / seconds), String(pending), ...lag]);
  }
  for (const connection of connections) connection.close();
  const headings = ['load', 'updates/s', 'sealed/s', 'pending at the end', 'p50, ms', 'p99, ms', 'longest, ms'];
  return `From the decision about a change until its sealed entry was seen, during ${short(seconds)} seconds of each load:

${table(headings, rows)}`;
}
