import type { ClientInformation, RegistrationResponse } from '@clientele/model/metadata';
import pg from 'pg';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { ServerProcess } from './support/server-process.ts';

const TOKEN = 'an-access-token-of-the-environment';
const CLIENTS = 12;
const CALLERS = 24;
/** Calls of each caller. */
const CALLS = 25;

describe('two server processes on one PostgreSQL', () => {
  let url: string;
  let drop: () => Promise<void>;
  let servers: readonly ServerProcess[] = [];
  let baseUrls: readonly string[] = [];

  beforeAll(async () => {
    ({ url, drop } = await createDatabase(postgresUrl()));
    const settings = {
      DATABASE_URL: url,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEY: 'A'.repeat(43),
      BOOTSTRAP_SERVICE_ID: '12345',
      BOOTSTRAP_ACCESS_TOKEN: TOKEN,
    };
    servers = [new ServerProcess(settings), new ServerProcess(settings)];
    baseUrls = await Promise.all(servers.map((server) => server.listening()));
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    await drop();
  });

  const call = async (server: number, operation: string, body: object): Promise<RegistrationResponse> => {
    const response = await fetch(`${baseUrls[server % 2] ?? ''}/api/12345/client/registration${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as RegistrationResponse;
  };

  const register = async (): Promise<ClientInformation> => {
    const response = await call(0, '', { json: '{}' });
    if (response.action !== 'CREATED') throw new Error(response.resultMessage);
    return JSON.parse(response.responseContent) as ClientInformation;
  };

  it('lose no update under mixed load, and no caller receives a deadlock', async () => {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, register));
    const updates = clients.map(() => 0);
    const resultCodes = new Map<string, number>();

    const caller = async (number: number): Promise<void> => {
      for (let n = 0; n < CALLS; n++) {
        // Callers visit the clients in different orders; half of them go backwards.
        const index = (number % 2 === 0 ? number + n : CALLERS * CALLS + number - n) % CLIENTS;
        const { client_id: clientId, registration_access_token: token } = clients[index] ?? ({} as ClientInformation);
        const json = JSON.stringify({ client_id: clientId, client_name: `${number} ${n}` });
        const operation = n % 5 === 4 ? '/get' : '/update';
        const { action, resultCode } = await call(number + n, operation, { clientId, token, json });
        if (action === 'UPDATED') updates[index] = (updates[index] ?? 0) + 1;
        resultCodes.set(resultCode, (resultCodes.get(resultCode) ?? 0) + 1);
        if (n % 10 === 9) await register();
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));

    const gets = CALLERS * Math.floor(CALLS / 5);
    expect(Object.fromEntries(resultCodes)).toEqual({ A213001: CALLERS * CALLS - gets, A217001: gets });
    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    const { rows } = await connection.query<{ client_id: string; version: string }>(
      'SELECT client_id, version FROM client',
    );
    await connection.end();
    expect(rows).toHaveLength(CLIENTS + CALLERS * Math.floor(CALLS / 10));
    const versions = new Map(rows.map(({ client_id: id, version }) => [id, Number(version)]));
    expect(clients.map(({ client_id: id }) => versions.get(id))).toEqual(updates.map((count) => 1 + count));
  });
});
