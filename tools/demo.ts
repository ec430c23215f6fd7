/**
 * Shows the life of a client on a temporary server: `npm run demo`. Exits with code 1 if a response is not as explained.
 */
import { isDeepStrictEqual, styleText } from 'node:util';
import { Clientele, type ClientMetadata } from '@clientele/client';
import { ACCESS_TOKEN, SERVICE_ID, startTemporaryServer } from './demo/temporary-server.ts';

type Style = Parameters<typeof styleText>[0];
type Members = Readonly<Record<string, unknown>>;

interface Result {
  readonly action: string;
  readonly resultMessage: string;
}

const METADATA = {
  client_name: 'Photo Album',
  'client_name#ja': 'フォトアルバム',
  redirect_uris: ['https://photos.example.com/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile photos',
  logo_uri: 'https://photos.example.com/logo.png',
  contacts: ['admin@photos.example.com'],
} satisfies ClientMetadata;

const { contacts: _contacts, ...WITHOUT_CONTACTS } = METADATA;

const NEW_METADATA = {
  ...WITHOUT_CONTACTS,
  client_name: 'Photo Album Pro',
  'client_name#ja': 'フォトアルバム・プロ',
  redirect_uris: [...METADATA.redirect_uris, 'https://photos.example.com/pro'],
} satisfies ClientMetadata;

const WRONG_METADATA = {
  client_name: 'Photo Album Pro',
  redirect_uris: ['https://photos.example.com/#callback'],
} satisfies ClientMetadata;

const WIDTH = 95;
const SECRETS = new Set(['client_secret', 'registration_access_token', 'token']);
const SHOWN_OF_SECRETS = 8;
const COLOURED = process.stdout.isTTY && !process.env.NO_COLOR;

let steps = 0;

const server = startTemporaryServer();
try {
  const { baseUrl } = await server.listening();
  console.log(`${styled('bold', 'The life of a client')}, called with the SDK @clientele/client`);
  explain(`A server listens on ${baseUrl}; its store is deleted afterwards. Secrets are shortened.`);
  const options = { baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN };
  await walkThrough(new Clientele({ ...options, fetch: showAndFetch }), new Clientele(options));
  await server.stop();
  console.log(`\n${styled('bold', 'Done: every response was as expected.')} To start a server: npm start`);
} catch (error) {
  console.error(`\n${styled('red', 'The demo failed.')} ${(error as Error).message}\n${server.errors}`);
  process.exit(1);
}

/** Calls `registration` and shows each call; calls of `quiet` are not shown. */
async function walkThrough({ registration }: Clientele, quiet: Clientele): Promise<void> {
  step('Register', 'RFC 7591 section 3');
  explain(
    'A client application sends its metadata to the authorization server, which passes it on as the text "json".',
  );
  explain('The response has the credentials and all registered metadata, defaults included.');
  const created = show(await registration.register({ metadata: METADATA }));
  if (created.action !== 'CREATED') throw unexpected('CREATED', created);
  showMembers(created.content);
  expectMembers(created.content, METADATA);

  const { clientId } = created.client;
  const reference = { clientId, token: created.content.registration_access_token };

  step('Read', 'RFC 7592 section 2.1');
  explain('The registration access token allows the client to read and to change its registration.');
  const found = show(await registration.get(reference));
  if (found.action !== 'OK') throw unexpected('OK', found);
  showDifferences(created.content, found.content);
  expectMembers(found.content, created.content);

  step('Update', 'RFC 7592 section 2.2');
  explain('An update replaces the whole registration: members that it omits, here the contacts, are deleted.');
  const updated = show(await registration.update({ ...reference, metadata: NEW_METADATA }));
  if (updated.action !== 'UPDATED') throw unexpected('UPDATED', updated);
  showDifferences(found.content, updated.content);
  expectMembers(updated.content, { ...NEW_METADATA, contacts: undefined });

  step('Update with invalid metadata', 'RFC 7591 section 3.2.2');
  explain('A redirection URI must not have a fragment (RFC 6749 section 3.1.2). Nothing is changed.');
  const wrong = show(await registration.update({ ...reference, metadata: WRONG_METADATA }));
  if (wrong.action !== 'BAD_REQUEST') throw unexpected('BAD_REQUEST', wrong);
  showMembers(wrong.content);
  expectMembers(wrong.content, { error: 'invalid_redirect_uri' });
  const unchanged = await quiet.registration.get(reference);
  if (unchanged.action !== 'OK') throw unexpected('OK', unchanged);
  expectMembers(unchanged.content, updated.content);

  step('Delete', 'RFC 7592 section 2.3');
  explain('From now on, the secret and the registration access token of the client are invalid.');
  const deleted = show(await registration.delete(reference));
  if (deleted.action !== 'DELETED') throw unexpected('DELETED', deleted);

  step('Read again', 'RFC 7592 section 2.1');
  explain('The response is the same for an unknown client and for a wrong token, so that it reveals nothing.');
  const refused = show(await registration.get(reference));
  if (refused.action !== 'UNAUTHORIZED') throw unexpected('UNAUTHORIZED', refused);
  showMembers(refused.content);
  expectMembers(refused.content, { error: 'invalid_token' });
}

function unexpected(action: string, result: Result): Error {
  return new Error(`The action should be ${action}, but is ${result.action}: ${result.resultMessage}`);
}

function expectMembers(content: object, expected: Members): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (content as Members)[name];
    if (isDeepStrictEqual(found, value)) continue;
    throw new Error(`"${name}" should be ${literal(name, value)}, but is ${literal(name, found)}.`);
  }
}

function step(title: string, section: string): void {
  steps += 1;
  console.log(`\n${styled('bold', `${steps}. ${title}`)}  ${styled('dim', section)}`);
}

function explain(sentence: string): void {
  console.log(`   ${styled('dim', sentence)}`);
}

/** Shows a request of the SDK, and sends it. `json` contains the metadata as text, which is shown on separate lines. */
function showAndFetch(url: string, request: RequestInit): Promise<Response> {
  console.log(`   → ${styled('cyan', `${request.method!} ${new URL(url).pathname}`)}`);
  const { json, ...others } = JSON.parse(request.body as string) as Members;
  showMembers({ ...others, ...(json !== undefined && { json: '{...}' }) });
  if (json !== undefined) showMembers(JSON.parse(json as string) as object, 'json = ');
  return fetch(url, request);
}

/** Shows the action and the result code of a response. */
function show<R extends Result>(result: R): R {
  const colour = result.action === 'BAD_REQUEST' || result.action === 'UNAUTHORIZED' ? 'yellow' : 'green';
  console.log(`   ← ${styled(colour, result.action)} ${result.resultMessage}`);
  return result;
}

/** Shows the members of an object on as few lines as possible. */
function showMembers(object: object, label = ''): void {
  let line = `${label}{ `;
  const indent = ' '.repeat(line.length);
  const members = Object.entries(object).map(([name, value]) => `"${name}": ${literal(name, value)}`);
  for (const [place, member] of members.entries()) {
    const text = place < members.length - 1 ? `${member}, ` : `${member} }`;
    if (place > 0 && line.length + text.length > WIDTH) {
      console.log(`     ${line.trimEnd()}`);
      line = indent;
    }
    line += text;
  }
  console.log(`     ${line}`);
}

/** Shows the differences between two responses. */
function showDifferences(before: Members, after: Members): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  for (const name of changed) {
    if (name in before) console.log(styled('red', `     - "${name}": ${literal(name, before[name])}`));
    if (name in after) console.log(styled('green', `     + "${name}": ${literal(name, after[name])}`));
  }
  console.log(`     ${styled('dim', `${names.length - changed.length} members are unchanged`)}`);
}

/** A value as JSON; secrets are shortened. */
function literal(name: string, value: unknown): string {
  return JSON.stringify(SECRETS.has(name) ? `${String(value).slice(0, SHOWN_OF_SECRETS)}...` : value);
}

function styled(style: Style, text: string): string {
  return COLOURED ? styleText(style, text) : text;
}
