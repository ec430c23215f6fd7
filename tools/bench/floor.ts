/** The least that a durable registry in JavaScript does; it imports nothing of the product. `page.ts` says what it leaves out. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StatementSyncInstance as Statement } from '@photostructure/sqlite';
import fastify from 'fastify';

type Sqlite = typeof import('@photostructure/sqlite');
type Call = Readonly<{ Body: Record<'clientId' | 'token' | 'json', string> }>;
type Values = (string | number | Uint8Array)[];
type Row = Readonly<{ version: number; token_hash: Uint8Array; document: string }>;

const sha256 = (token: string) => createHash('sha256').update(token).digest();

const PATH = '/api/:serviceId/client/registration';

const builtIn = process.getBuiltinModule('node:sqlite') as unknown as Sqlite | undefined;
const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
const database = new DatabaseSync(process.env.DATABASE_FILE);
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096;
  CREATE TABLE client (id INTEGER PRIMARY KEY, version INTEGER, token_hash BLOB, document TEXT)`);
const select = database.prepare('SELECT version, token_hash, document FROM client WHERE id = ?');
const insert = database.prepare('INSERT INTO client VALUES (?, 1, ?, ?)');
const replace = database.prepare('UPDATE client SET version = version + 1, document = ? WHERE id = ? AND version = ?');
let lastClientId = 0;
let waiting: { statement: Statement; values: Values; resolve: (changed: boolean) => void }[] = [];

const app = fastify();
app.post<Call>(PATH, async ({ body: { json } }) => {
  const clientId = ++lastClientId;
  const token = randomBytes(32).toString('base64url');
  const document = `{"client_id":"${clientId}",${json.slice(1)}`;
  await write(insert, clientId, sha256(token), document);
  return { action: 'CREATED', responseContent: `{"registration_access_token":"${token}",${document.slice(1)}` };
});
app.post<Call>(`${PATH}/get`, ({ body }, reply) =>
  reply.send({ action: 'OK', responseContent: authenticate(body).document }),
);
app.post<Call>(`${PATH}/update`, async ({ body }) => {
  const { version } = authenticate(body);
  if (!(await write(replace, body.json, body.clientId, version))) throw new Error('Another request came first.');
  return { action: 'UPDATED', responseContent: body.json };
});
app.post<Call>('/api/:serviceId/client/resolve', ({ body: { clientId } }, reply) => {
  const { document } = select.get(clientId) as Row;
  return reply.type('application/json').send(`{"action":"OK","metadata":${document}}`);
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

function authenticate({ clientId, token }: Call['Body']): Row {
  const row = select.get(clientId) as Row | undefined;
  if (row === undefined || !timingSafeEqual(row.token_hash, sha256(token))) throw new Error('Wrong client or token.');
  return row;
}

/** All writes of one turn of the event loop share a commit. An error ends the process, and so the benchmark. */
function write(statement: Statement, ...values: Values): Promise<boolean> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(commitAll);
    waiting.push({ statement, values, resolve });
  });
}

function commitAll(): void {
  const writes = waiting;
  waiting = [];
  database.exec('BEGIN IMMEDIATE');
  const changed = writes.map(({ statement, values }) => statement.run(...values).changes === 1);
  database.exec('COMMIT');
  for (const [i, { resolve }] of writes.entries()) resolve(changed[i]!);
}
