import { randomUUID } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { isJsonObject } from '@clientele/model/metadata';
import type { Config } from '../../config/config.ts';
import type { PublicUrls } from '../../services/public-urls.ts';
import type { Service } from '../../services/service.ts';
import { judgeClock } from './clock.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { get, type Answer } from './get.ts';

/** Services whose documents are fetched: each counts in the rate limits of the server. */
const SERVICES = 20;

const START = 'Start the server, and run this again: what only a running server shows was not looked at.';

const LEAD_HERE =
  'Let BASE_URL lead to the server: name, port, proxy and certificate. Where this machine alone cannot reach it, run this ' +
  'where clients can.';

/** Looks at the server that runs here, if one does, and at what clients find when they follow BASE_URL. */
export async function examineServer(
  config: Config,
  urls: PublicUrls,
  services: readonly Service[],
): Promise<readonly Finding[]> {
  const [here, server] = await checkHere(config);
  if (config.baseUrl === undefined && config.port === 0) {
    const seen = 'PORT is 0 and BASE_URL is not set: it cannot be known where the server is.';
    return [server, warning('reachability', seen, 'Set PORT or BASE_URL.')];
  }
  const [first] = services;
  if (first === undefined) {
    const seen = 'No service could be read from the store, and so none could be asked for.';
    return [server, warning('reachability', seen, "Make the store readable to this command; see 'store' above.")];
  }
  const answer = await get(`${urls.protocolPlane(first)}/.well-known/openid-configuration`);
  if ('problem' in answer) {
    const seen = `${urls.baseUrl} cannot be reached from here: ${answer.problem}.`;
    return [server, here ? failed('reachability', seen, LEAD_HERE) : warning('reachability', seen, START)];
  }
  if (answer.status >= 500) {
    const seen = `${urls.baseUrl} answers with HTTP ${answer.status}.`;
    return [server, failed('reachability', seen, 'See the log of the proxy, and that of the server.')];
  }
  return [
    server,
    ok('reachability', `${urls.baseUrl} answers.`),
    await checkAuthorization(urls, first),
    ...(await checkDiscovery(urls, services)),
    checkDate(answer),
  ];
}

/** Whether a server answers where this configuration has it listen, and what it says of itself. */
async function checkHere({ host, port, managementPort }: Config): Promise<readonly [boolean, Finding]> {
  const listening = managementPort ?? port;
  if (listening === 0)
    return [false, warning('server', 'The server listens on a port of its own choice.', 'Set PORT.')];
  const base = `http://${addressOf(host)}:${listening}`;
  const live = await get(`${base}/health/live`);
  if ('problem' in live) return [false, warning('server', `No server answers at ${base}: ${live.problem}.`, START)];
  if (live.status !== 200 || !isJsonObject(live.body) || live.body.status !== 'ok') {
    const seen = `What answers at ${base} is not this server.`;
    return [false, failed('server', seen, 'Give the server a PORT of its own.')];
  }
  const ready = await get(`${base}/health/ready`);
  if (!('problem' in ready) && ready.status === 200) return [true, ok('server', `The server at ${base} is ready.`)];
  const reasons = 'problem' in ready ? ready.problem : reasonsIn(ready.body);
  return [true, failed('server', `The server at ${base} is not ready: ${reasons}`, 'Its log says more.')];
}

function reasonsIn(body: unknown): string {
  const reasons = isJsonObject(body) && isJsonObject(body.reasons) ? Object.values(body.reasons) : [];
  return reasons.length === 0 ? 'it does not say why.' : reasons.map(String).join(' ');
}

/** The address by which this machine reaches what listens on a host. */
function addressOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

/** Whether the Authorization header of a request comes through: some proxies keep it to themselves. */
async function checkAuthorization(urls: PublicUrls, service: Service): Promise<Finding> {
  const url = `${urls.protocolPlane(service)}/register/1`;
  const answer = await get(url, { authorization: `Bearer ${randomUUID()}` });
  const seen = 'problem' in answer ? answer.problem : `HTTP ${answer.status}`;
  if ('problem' in answer || answer.status !== 401) {
    return failed(
      'proxy-headers',
      `A request with a wrong token to ${url} is answered with ${seen}, in the place of HTTP 401.`,
      'Let the proxy pass every path below /connect on, and answers as they are.',
    );
  }
  if (answer.headers.get('www-authenticate')?.includes('invalid_token')) {
    return ok('proxy-headers', 'The Authorization header reaches the server.');
  }
  return failed(
    'proxy-headers',
    'The Authorization header does not reach the server: no client can show its token.',
    'Let the proxy pass Authorization on, and WWW-Authenticate back.',
  );
}

async function checkDiscovery(urls: PublicUrls, services: readonly Service[]): Promise<readonly Finding[]> {
  const looked = services.slice(0, SERVICES);
  const troubles: Finding[] = [];
  for (const service of looked) troubles.push(...(await checkDocuments(urls, service)));
  if (troubles.length > 0) return troubles;
  const count = looked.length === services.length ? `${looked.length}` : `${looked.length} of ${services.length}`;
  return [ok('discovery', `What clients discover of ${count} services is what the configuration says.`)];
}

/** What is wrong with the documents of a service, at each of the places where clients look for them. */
async function checkDocuments(urls: PublicUrls, service: Service): Promise<readonly Finding[]> {
  const plane = urls.protocolPlane(service);
  const below = await problemWith(`${plane}/.well-known/openid-configuration`, urls, service);
  if (below !== undefined) {
    const advice =
      'Let BASE_URL lead to servers with this configuration and this store, and let no proxy change answers.';
    return [failed('discovery', below, advice)];
  }
  const { origin, pathname } = new URL(plane);
  const root = await problemWith(`${origin}/.well-known/oauth-authorization-server${pathname}`, urls, service);
  if (root !== undefined) {
    const advice = 'Let the proxy pass /.well-known/ on: clients of RFC 8414 (section 3.1) look there.';
    return [warning('discovery', root, advice)];
  }
  return checkIssuer(urls, service);
}

/** Where the authorization server has an issuer identifier of its own, clients begin there, not here. */
async function checkIssuer(urls: PublicUrls, service: Service): Promise<readonly Finding[]> {
  if (service.issuer === undefined) return [];
  const issuer = service.issuer.replace(/\/+$/, '');
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname;
  const places = [
    `${issuer}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
  const problems = await Promise.all(places.map((url) => problemWith(url, urls, service)));
  const [problem] = problems;
  if (problem === undefined || problems.includes(undefined)) return [];
  return [
    warning('discovery', problem, 'Have the authorization server name this registration endpoint in its own metadata.'),
  ];
}

async function problemWith(url: string, urls: PublicUrls, service: Service): Promise<string | undefined> {
  const answer = await get(url);
  if ('problem' in answer) return `${url} cannot be fetched: ${answer.problem}.`;
  if (answer.status !== 200 || !isJsonObject(answer.body))
    return `${url} is answered with HTTP ${answer.status}, without metadata.`;
  const expected = {
    issuer: urls.issuer(service),
    registration_endpoint: service.dynamicRegistrationSupported ? urls.clientRegistrationEndpoint(service) : undefined,
  };
  for (const [member, value] of Object.entries(expected)) {
    const found = answer.body[member];
    if (found === value) continue;
    const named = (what: unknown) => (typeof what === 'string' ? what : 'none');
    return `${url} names the ${member} ${named(found)}; the configuration says ${named(value)}.`;
  }
  return undefined;
}

function checkDate({ headers, sentAt, receivedAt }: Answer): Finding {
  const date = Date.parse(headers.get('date') ?? '');
  const whose = 'that of what answers at BASE_URL';
  if (Number.isNaN(date))
    return warning(
      'clock',
      `The clock of this machine and ${whose} cannot be compared.`,
      'Let the proxy pass Date on.',
    );
  // It is told in whole seconds, and is that of a moment between the two.
  return judgeClock(whose, Math.max(sentAt - (date + 999), date - receivedAt, 0));
}
