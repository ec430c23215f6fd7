/**
 * The floor: the least that a durable registry in JavaScript does. Fastify and hand-written statements on SQLite, with nothing of
 * the product: it reads the row, compares the SHA-256 of the token, replaces the document with a check of the version, and
 * responds after the commit. It does not parse or judge the document, authenticate the caller of the API, write a log or an audit
 * record, and its responses have no `client`.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StatementSyncInstance } from '@photostructure/sqlite';
import fastify from 'fastify';

type Sqlite = typeof import('@photostructure/sqlite');

interface Row {
  readonly version: number;
  readonly token_hash: Uint8Array;
  readonly document: string;
}

interface Write {
  readonly statement: StatementSyncInstance;
  readonly values: (string | number | Uint8Array)[];
  readonly resolve: (changed: boolean) => void;
}

interface Body {
  readonly clientId: string;
  readonly token: string;
  readonly json: string;
}

const builtIn = process.getBuiltinModule('node:sqlite') as unknown as Sqlite | undefined;
const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
const database = new DatabaseSync(process.env.DATABASE_FILE);
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4096;
  CREATE TABLE client (
    client_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    document TEXT NOT NULL
  )`);
const select = database.prepare('SELECT version, token_hash, document FROM client WHERE client_id = ?');
const insert = database.prepare('INSERT INTO client VALUES (?, 1, ?, ?)');
const replace = database.prepare(
  'UPDATE client SET version = version + 1, document = ? WHERE client_id = ? AND version = ?',
);
let lastClientId = 0;
let waiting: Write[] = [];

const app = fastify();
app.post<{ Body: Body }>('/api/:serviceId/client/registration', async ({ body: { json } }) => {
  const clientId = ++lastClientId;
  const token = randomBytes(32).toString('base64url');
  const document = `{"client_id":"${clientId}",${json.slice(1)}`;
  await write(insert, clientId, sha256(token), document);
  return { action: 'CREATED', responseContent: `{"registration_access_token":"${token}",${document.slice(1)}` };
});
app.post<{ Body: Body }>('/api/:serviceId/client/registration/get', ({ body }, reply) =>
  reply.send({ action: 'OK', responseContent: find(body).document }),
);
app.post<{ Body: Body }>('/api/:serviceId/client/registration/update', async ({ body }) => {
  const { version } = find(body);
  if (!(await write(replace, body.json, body.clientId, version))) throw new Error('Another request won.');
  return { action: 'UPDATED', responseContent: body.json };
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

function find({ clientId, token }: Body): Row {
  const row = select.get(clientId) as Row | undefined;
  if (row === undefined || !timingSafeEqual(row.token_hash, sha256(token))) throw new Error('No such client or token.');
  return row;
}

/** All writes of one turn of the event loop share a commit. An error ends the process, and so the benchmark. */
function write(statement: Write['statement'], ...values: Write['values']): Promise<boolean> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(commitTogether);
    waiting.push({ statement, values, resolve });
  });
}

function commitTogether(): void {
  const writes = waiting;
  waiting = [];
  database.exec('BEGIN IMMEDIATE');
  const changed = writes.map(({ statement, values }) => statement.run(...values).changes === 1);
  database.exec('COMMIT');
  writes.forEach(({ resolve }, i) => {
    resolve(changed[i]!);
  });
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
