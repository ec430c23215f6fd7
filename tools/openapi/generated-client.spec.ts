import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { ServerProcess } from '../crash/server-process.ts';

const SERVICE_ID = 986126671;
const ACCESS_TOKEN = 'an-api-access-token-for-all-tests';

/** The four operations on both planes, written with only /openapi.json. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.ts';

const [baseUrl = '', accessToken = ''] = process.argv.slice(2);
const params = { path: { serviceId: ${SERVICE_ID} } };
const client = createClient<paths>({ baseUrl });
const headers = { authorization: \`Bearer \${accessToken}\` };
const done: (string | number)[] = [];

/** The body of a successful response. */
function bodyOf<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

// As an authorization server.
const redirect_uris = ['https://client.example.com/callback'];
const json = JSON.stringify({ client_name: 'Generated', redirect_uris });
const created = bodyOf(await client.POST('/api/{serviceId}/client/registration', { params, headers, body: { json } }));
const information = JSON.parse(created.responseContent ?? '') as components['schemas']['ClientInformation'];
const { client_id, registration_access_token: token } = information;
const clientId = Number(client_id);
const got = bodyOf(
  await client.POST('/api/{serviceId}/client/registration/get', { params, headers, body: { clientId, token } }),
);
const updated = bodyOf(
  await client.POST('/api/{serviceId}/client/registration/update', {
    params,
    headers,
    body: { clientId, token, json: JSON.stringify({ client_id, client_name: 'Renamed', redirect_uris: information.redirect_uris }) },
  }),
);
const deleted = bodyOf(
  await client.POST('/api/{serviceId}/client/registration/delete', { params, headers, body: { clientId, token } }),
);
done.push(created.action, got.action, updated.action, updated.client?.clientName ?? '', deleted.action);

// As a client application.
const registered = bodyOf(
  await client.POST('/connect/{serviceId}/register', { params, body: { client_name: 'Generated', redirect_uris, token_endpoint_auth_method: 'none' } }),
);
const own = {
  params: { path: { ...params.path, clientId: Number(registered.client_id) } },
  headers: { authorization: \`Bearer \${registered.registration_access_token}\` },
};
const read = bodyOf(await client.GET('/connect/{serviceId}/register/{clientId}', own));
const replaced = bodyOf(
  await client.PUT('/connect/{serviceId}/register/{clientId}', {
    ...own,
    body: { client_id: registered.client_id, client_name: 'Renamed', redirect_uris, token_endpoint_auth_method: 'none' },
  }),
);
const removed = await client.DELETE('/connect/{serviceId}/register/{clientId}', own);
done.push(read.client_name ?? '', replaced.client_name ?? '', removed.response.status);

// As an administrator, with defaults omitted.
const grant = bodyOf(await client.POST('/api/{serviceId}/initial_access_token/create', { params, headers, body: { uses: 2 } }));
done.push(grant.uses ?? 0);
const one = { ...params.path, clientIdentifier: 'generated' };
bodyOf(await client.PUT('/api/{serviceId}/client/{clientIdentifier}', { params: { path: one }, headers, body: { redirectUris: redirect_uris } }));
const patched = bodyOf(
  await client.PATCH('/api/{serviceId}/client/update/{clientIdentifier}', { params: { path: one }, headers, body: { clientName: 'Patched', logoUri: null } }),
);
const service = bodyOf(await client.PATCH('/api/{serviceId}/service/update', { params, headers, body: { serviceName: 'Patched', supportedAcrs: null } }));
const holder = bodyOf(await client.GET('/api/api_access_token/get/self', { headers }));
done.push(patched.clientName ?? '', service.serviceName ?? '', holder.createdBy.type ?? '');
console.log(JSON.stringify(done));

/** Calls that the types refuse. */
export async function refused(): Promise<void> {
  // @ts-expect-error There is no such path.
  await client.POST('/api/{serviceId}/client/registration/rename', { params, headers, body: {} });
  // @ts-expect-error The service is missing.
  await client.POST('/api/{serviceId}/client/registration', { headers, body: { json } });
  // @ts-expect-error The token is missing.
  await client.POST('/api/{serviceId}/client/registration/get', { params, headers, body: { clientId } });
  // @ts-expect-error Metadata is in snake_case on this plane.
  await client.POST('/connect/{serviceId}/register', { params, body: { redirect_uris: 'https://client.example.com/' } });
}
`;

describe('a client generated from /openapi.json', () => {
  // Below this file, so that modules are found.
  const folder = mkdtempSync(join(import.meta.dirname, '.generated-'));
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-generated-'));
  let server: ServerProcess;
  let baseUrl: string;
  let types: string;

  beforeAll(async () => {
    server = new ServerProcess({
      DATA_DIR: dataDir,
      BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
    });
    ({ baseUrl } = await server.listening());
    const description = await (await fetch(`${baseUrl}/openapi.json`)).text();
    types = astToString(await openapiTS(description));
    writeFileSync(join(folder, 'api.ts'), types);
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
    rmSync(dataDir, { recursive: true });
  });

  it('lets every object have members', () => {
    expect(types.match(/^.*: Record<string, never>(\[\])?;$/gm) ?? []).toEqual([]);
  });

  it('is typed, and registers, gets, updates and deletes clients on both planes, and administers them', () => {
    const program = ts.createProgram([join(folder, 'program.ts')], {
      strict: true,
      // Skips declaration files only, so the generated code is checked.
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      rewriteRelativeImportExtensions: true,
      types: ['node'],
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    });
    const problems = ts.getPreEmitDiagnostics(program);
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    program.emit();

    const printed = execFileSync(process.execPath, [join(folder, 'program.js'), baseUrl, ACCESS_TOKEN]).toString();
    expect(JSON.parse(printed)).toEqual([
      ...['CREATED', 'OK', 'UPDATED', 'Renamed', 'DELETED'],
      ...['Generated', 'Renamed', 204, 2],
      ...['Patched', 'Patched', 'system'],
    ]);
  });
});
