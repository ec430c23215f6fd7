import type { ClientFilterDto } from '@clientele/model';
import { hostOf, namesOf, normalized, TERM } from './client-terms.ts';
import type { Range } from './client-pages.ts';
import type { FoundClient } from './client.ts';

/** Whether a client matches the value of a filter. */
type Test<Value> = (client: FoundClient, value: Value) => boolean;

/** The test of each filter except `identifier`, which finds one client directly. */
const TESTS: {
  readonly [Name in keyof Omit<Required<ClientFilterDto>, 'identifier'>]: Test<ClientFilterDto[Name] & {}>;
} = {
  redirectUri: ({ document }, uri) => document.metadata.redirect_uris?.includes(uri) === true,
  redirectHost: ({ document }, host) =>
    document.metadata.redirect_uris?.some((uri) => hostOf(uri).includes(host.toLowerCase())) === true,
  softwareId: ({ document }, softwareId) => document.metadata.software_id === softwareId,
  clientName: (client, beginning) => namesWith(client, beginning).length > 0,
  developer: ({ administration }, developer) => administration.developer === developer,
  attribute: ({ administration: { attributes = [] } }, attribute) =>
    attributes.some(({ key, value }) => `${key}=${value}` === attribute),
  source: ({ provenance }, source) => provenance.source === source,
  clientType: ({ document }, type) => (document.metadata.token_endpoint_auth_method === 'none') === (type === 'PUBLIC'),
  locked: ({ administration }, locked) => (administration.locked === true) === locked,
  tokenAuthMethod: ({ document }, method) => document.metadata.token_endpoint_auth_method === method,
  grantType: ({ document }, grantType) => document.metadata.grant_types?.some((one) => one === grantType) === true,
  createdAfter: ({ createdAt }, time) => createdAt >= time,
  createdBefore: ({ createdAt }, time) => createdAt < time,
  modifiedAfter: ({ modifiedAt }, time) => modifiedAt >= time,
  modifiedBefore: ({ modifiedAt }, time) => modifiedAt < time,
  usedAfter: ({ provenance }, time) => provenance.lastUsedAt >= time,
  usedBefore: ({ provenance }, time) => provenance.lastUsedAt < time,
};

const NAMES = Object.keys(TESTS) as (keyof typeof TESTS)[];

/** The filters that have a value. */
export function namesOfFilters(filter: ClientFilterDto): readonly (keyof ClientFilterDto)[] {
  return (['identifier', ...NAMES] as const).filter((name) => filter[name] !== undefined);
}

/** Whether a client matches all filters except `identifier`. */
export function matches(client: FoundClient, filter: ClientFilterDto): boolean {
  return NAMES.every((name) => {
    const value = filter[name];
    return value === undefined || (TESTS[name] as Test<unknown>)(client, value);
  });
}

/** The range to read: it contains all clients that match, and as few others as one term can exclude. */
export function rangeOf(filter: ClientFilterDto): Range {
  const { redirectUri, redirectHost, softwareId, clientName, developer, attribute } = filter;
  if (redirectUri !== undefined) return { term: TERM.redirectUri(redirectUri) };
  if (attribute !== undefined) return { term: TERM.attribute(attribute) };
  if (softwareId !== undefined) return { term: TERM.softwareId(softwareId) };
  if (redirectHost !== undefined) return { term: TERM.redirectHost(redirectHost.toLowerCase()) };
  if (developer !== undefined) return { term: TERM.developer(developer) };
  return clientName === undefined ? 'all' : { beginning: TERM.clientName(clientName) };
}

/** The term at which a list by name contains a client. A client with several matching names is listed only there. */
export function listedTerm(client: FoundClient, beginning: string): string | undefined {
  return namesWith(client, beginning).map(TERM.clientName).sort()[0];
}

function namesWith({ document }: FoundClient, beginning: string): readonly string[] {
  return namesOf(document.metadata).filter((name) => normalized(name).startsWith(normalized(beginning)));
}
