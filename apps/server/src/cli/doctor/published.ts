import { randomUUID } from 'node:crypto';
import { isJsonObject } from '@clientele/model/metadata';
import { withoutTrailingSlashes } from '@clientele/model/wire';
import type { Config } from '../../config/config.ts';
import type { PublicUrls } from '../../services/public-urls.ts';
import { registrationEndpoint } from '../../services/server-metadata.ts';
import type { Service } from '../../services/service.ts';
import { counted } from '../counted.ts';
import { fetchDocument } from '../fetch-document.ts';
import { excerpt } from '../terminal.ts';
import { checkDateOf } from './clock.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { ADVICE_START } from './running-server.ts';
import type { StoreResult } from './store.ts';

/** The largest number of services whose documents are fetched, because each request counts in the rate limits. */
const SERVICES = 20;

const ADVICE_BASE_URL =
  'Check that BASE_URL leads to the server: name, port, proxy and certificate. If only this machine cannot reach it, run this ' +
  'command on another machine.';

const ADVICE_STORE = "Make the store readable for this command; see 'store' above.";

/** Checks the documents at BASE_URL. `isRunning`: whether the server runs on this machine. */
export async function checkPublished(
  config: Config,
  urls: PublicUrls,
  { services, isEmpty }: StoreResult,
  isRunning: boolean,
): Promise<readonly Finding[]> {
  if (config.baseUrl === undefined && config.port === 0) {
    const message = 'PORT is 0 and BASE_URL is not set, so the address of the server is unknown.';
    return [warning('reachability', message, 'Set PORT or BASE_URL.')];
  }
  const [first] = services ?? [];
  if (first === undefined) {
    const message = `${services === undefined ? 'No service could be read from the store' : 'The store has no service'}, so no documents were fetched.`;
    return [warning('reachability', message, services === undefined ? ADVICE_STORE : adviceWithoutService(isEmpty))];
  }
  const response = await fetchDocument(`${urls.protocolPlane(first)}/.well-known/openid-configuration`);
  if ('problem' in response) {
    const message = `${urls.baseUrl} cannot be reached from this machine: ${response.problem}.`;
    // A wrong certificate proves that a server responds.
    if (isRunning || response.remedy !== undefined)
      return [failed('reachability', message, response.remedy ?? ADVICE_BASE_URL)];
    return [warning('reachability', message, ADVICE_START)];
  }
  if (response.status >= 500) {
    const message = `${urls.baseUrl} responds with HTTP ${response.status}.`;
    return [failed('reachability', message, 'See the logs of the proxy and the server.')];
  }
  return [
    ok('reachability', `${urls.baseUrl} responds.`),
    await checkAuthorization(urls, first),
    ...(await checkDiscovery(urls, services ?? [])),
    checkDateOf('BASE_URL', response),
  ];
}

function adviceWithoutService(isEmpty: boolean): string {
  return isEmpty
    ? 'Start the server: its first start creates one.'
    : "Start the server, and run 'clientele service create': a start creates a service only in an empty store.";
}

/** Checks that the proxy passes the Authorization header to the server. */
async function checkAuthorization(urls: PublicUrls, service: Service): Promise<Finding> {
  const url = `${urls.protocolPlane(service)}/register/1`;
  const response = await fetchDocument(url, { authorization: `Bearer ${randomUUID()}` });
  const result = 'problem' in response ? response.problem : `HTTP ${response.status}`;
  if ('problem' in response || response.status !== 401) {
    return failed(
      'proxy-headers',
      `The response to a wrong token at ${url} is ${result} instead of HTTP 401.`,
      'Configure the proxy to pass every path below /connect, and to leave responses unchanged.',
    );
  }
  if (response.headers.get('www-authenticate')?.includes('invalid_token')) {
    return ok('proxy-headers', 'The Authorization header reaches the server.');
  }
  return failed(
    'proxy-headers',
    'The Authorization header does not reach the server, so no client can authenticate.',
    'Configure the proxy to pass Authorization in requests and WWW-Authenticate in responses.',
  );
}

async function checkDiscovery(urls: PublicUrls, services: readonly Service[]): Promise<readonly Finding[]> {
  const checked = services.slice(0, SERVICES);
  const findings: Finding[] = [];
  for (const service of checked) findings.push(...(await checkDocuments(urls, service)));
  if (findings.length > 0) return findings;
  const others = checked.length === services.length ? '' : ` of ${services.length}`;
  return [ok('discovery', `The metadata of ${counted(checked.length, 'service')}${others} matches the configuration.`)];
}

/**
 * Checks the metadata of a service at its well-known URLs of OpenID Connect Discovery and of RFC 8414, and at its own issuer. Stops
 * at the first problem.
 */
async function checkDocuments(urls: PublicUrls, service: Service): Promise<readonly Finding[]> {
  const plane = urls.protocolPlane(service);
  const problem = await problemAt(`${plane}/.well-known/openid-configuration`, urls, service);
  if (problem !== undefined) {
    const advice =
      'Check that BASE_URL leads to servers with this configuration and store, and that no proxy changes responses.';
    return [failed('discovery', problem.text, advice)];
  }
  const { origin, pathname } = new URL(plane);
  const rootProblem = await problemAt(`${origin}/.well-known/oauth-authorization-server${pathname}`, urls, service);
  if (rootProblem !== undefined) {
    const advice = 'Configure the proxy to pass /.well-known/: clients of RFC 8414 (section 3.1) use it.';
    return [warning('discovery', rootProblem.text, advice)];
  }
  return checkIssuer(urls, service);
}

/** Checks the metadata of the authorization server if it has its own issuer, because its clients use that metadata. */
async function checkIssuer(urls: PublicUrls, service: Service): Promise<readonly Finding[]> {
  if (service.issuer === undefined) return [];
  const issuer = withoutTrailingSlashes(service.issuer);
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname;
  const documents = [
    `${issuer}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
  const problems = await Promise.all(documents.map((url) => problemAt(url, urls, service)));
  if (problems.includes(undefined)) return [];
  // The other document need not exist.
  const problem = problems.find((each) => each?.member !== undefined) ?? problems[0];
  return problem === undefined ? [] : [warning('discovery', problem.text, adviceOnIssuer(problem, service, urls))];
}

function adviceOnIssuer({ member }: Problem, service: Service, urls: PublicUrls): string {
  if (member === undefined)
    return `Correct issuer of service ${service.apiKey}, or check that this machine reaches it.`;
  if (member === 'issuer')
    return `Correct issuer of service ${service.apiKey}, or the metadata of the authorization server.`;
  const endpoint = registrationEndpoint(service, urls);
  return endpoint === undefined
    ? 'Remove registration_endpoint from the metadata of the authorization server.'
    : `Add "registration_endpoint": "${endpoint}" to the metadata of the authorization server.`;
}

/** Why metadata is not as configured. */
interface Problem {
  readonly text: string;
  /** The member at fault, if there is metadata. */
  readonly member?: 'issuer' | 'registration_endpoint';
}

async function problemAt(url: string, urls: PublicUrls, service: Service): Promise<Problem | undefined> {
  const response = await fetchDocument(url);
  if ('problem' in response) return { text: `${url} cannot be fetched: ${response.problem}.` };
  if (response.status !== 200 || !isJsonObject(response.body))
    return { text: `${url} responds with HTTP ${response.status}, without metadata.` };
  const expected = [
    ['issuer', urls.issuer(service)],
    ['registration_endpoint', registrationEndpoint(service, urls)],
  ] as const;
  for (const [member, value] of expected) {
    const found = response.body[member];
    if (found === value) continue;
    const shown = (text: unknown): string => (typeof text === 'string' ? excerpt(text) : 'missing');
    return { member, text: `The ${member} at ${url} is ${shown(found)}; in the configuration it is ${shown(value)}.` };
  }
  return undefined;
}
