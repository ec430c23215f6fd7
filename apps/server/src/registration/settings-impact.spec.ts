import { decide, readRequest } from '@clientele/model/decision';
import { LIMITS } from '@clientele/model/metadata';
import { ClientDocument } from '../clients/client-document.ts';
import type { FoundClient } from '../clients/client.ts';
import { newService, type Service } from '../services/service.ts';
import { documentOf } from './registered-client.ts';
import { effectOn, softwareIdToCheck } from './settings-impact.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const STATEMENT = `${part({ alg: 'ES256' })}.${part({ iss: 'https://issuer.example' })}.AAAA`;

const serviceWith = (changes: Partial<Service>): Service => ({
  ...newService(1, 1, 0),
  supportedScopes: ['a', 'b'].map((name) => ({ name, defaultEntry: false })),
  supportedCustomClientMetadata: ['department', 'floor'],
  ...changes,
});
const scopes = (...names: string[]) => ({ supportedScopes: names.map((name) => ({ name, defaultEntry: false })) });

const METADATA = { redirect_uris: ['https://client.example/cb'], token_endpoint_auth_method: 'none' };

/** A client that was registered under these settings. */
function registered(metadata: object, settings: Service, source: 'static' | 'dynamic' = 'dynamic'): FoundClient {
  const decision = decide(readRequest(JSON.stringify({ ...METADATA, ...metadata })), settings, {
    plane: 'api',
    operation: 'register',
  });
  expect(decision.accepted).toBe(true);
  const { software_statement: softwareStatement } = metadata as { software_statement?: string };
  return {
    clientId: 7,
    identifiers: {},
    provenance: { source, registration: {} },
    secretDigests: [],
    document: ClientDocument.stored(documentOf({ decision, softwareStatement }).text),
  } as unknown as FoundClient;
}

const ISSUER = { softwareStatementIssuers: [{ issuer: 'https://issuer.example', algorithms: ['ES256' as const] }] };
const NARROW = { unsupportedValues: 'NARROW' } as const;

describe('the effect of other settings on a registered client', () => {
  it.each<[what: string, metadata: object, next: Partial<Service>]>([
    ['that change nothing', { scope: 'a b', department: 'x' }, {}],
    ['that support what the client has', { scope: 'a' }, scopes('a')],
    ['in another order', { department: 'x', floor: 1 }, { supportedCustomClientMetadata: ['floor', 'department'] }],
    ['that close the registration', {}, { dynamicRegistrationSupported: false, protocolRegistration: 'OFF' }],
  ])('%s is none', (_what, metadata, next) => {
    const client = registered(metadata, serviceWith({}));

    expect(effectOn(client, { current: serviceWith({}), next: serviceWith(next) })).toBeUndefined();
  });

  it.each<[what: string, metadata: object, next: Partial<Service>, refusals: (readonly [string, string[]])[]]>([
    ['an unsupported scope', { scope: 'a b' }, scopes('a'), [['value-supported', ['scope']]]],
    [
      'all unsupported members',
      { scope: 'a b' },
      { ...scopes('a'), supportedGrantTypes: ['CLIENT_CREDENTIALS'] },
      [
        ['value-supported', ['grant_types[0]']],
        ['value-supported', ['scope']],
      ],
    ],
    ['no supported scope', { scope: 'b' }, { ...scopes('a'), ...NARROW }, [['value-supported', ['scope']]]],
    ['no software statement', {}, { softwareStatementRequired: true }, [['statement-present', ['software_statement']]]],
    [
      'an issuer that is no longer trusted',
      { software_statement: STATEMENT },
      { softwareStatementIssuers: [] },
      [['software-statement', ['software_statement']]],
    ],
  ])('is a refusal for %s', (_what, metadata, next, refusals) => {
    const current = serviceWith(ISSUER);
    const effect = effectOn(registered(metadata, current), { current, next: { ...current, ...next } });

    expect(effect).toEqual({
      effect: 'REFUSED',
      findings: refusals.map(([rule, members]) => expect.objectContaining({ rule, members }) as object),
    });
  });

  it.each<[what: string, metadata: object, next: Partial<Service>, differences: object[]]>([
    ['a scope', { scope: 'a b' }, { ...scopes('a'), ...NARROW }, [{ member: 'scope', before: 'a b', after: 'a' }]],
    [
      'a grant type',
      { grant_types: ['authorization_code', 'refresh_token'] },
      { supportedGrantTypes: ['AUTHORIZATION_CODE'], ...NARROW },
      [{ member: 'grant_types', before: ['authorization_code', 'refresh_token'], after: ['authorization_code'] }],
    ],
    [
      'a custom member',
      { department: 'x', floor: 1 },
      { supportedCustomClientMetadata: ['floor'] },
      [{ member: 'department', before: 'x' }],
    ],
    ['a new default', {}, { supportedScopes: [{ name: 'a', defaultEntry: true }] }, [{ member: 'scope', after: 'a' }]],
  ])('is other metadata with %s', (_what, metadata, next, differences) => {
    const current = serviceWith({});
    const change = { current, next: { ...current, ...next } };

    expect(effectOn(registered(metadata, current), change)).toEqual({ effect: 'NARROWED', differences });
  });

  it('has only the reasons for which an update is not refused already', () => {
    const client = registered({ scope: 'a b' }, serviceWith({}));
    const current = serviceWith(scopes('a'));

    expect(effectOn(client, { current, next: { ...current, serviceName: 'Other' } })).toBeUndefined();
    expect(effectOn(client, { current, next: { ...current, supportedResponseTypes: ['NONE'] } })).toMatchObject({
      effect: 'REFUSED',
      findings: [{ rule: 'value-supported', members: ['response_types[0]'] }],
    });
    expect(effectOn(client, { current, next: { ...current, ...NARROW } })).toEqual({
      effect: 'NARROWED',
      differences: [{ member: 'scope', before: 'a b', after: 'a' }],
    });
  });

  it('is none on metadata that an update loses under the current settings too', () => {
    const client = registered({ scope: 'a b' }, serviceWith({}));
    const current = serviceWith({ ...scopes('a'), ...NARROW });

    expect(effectOn(client, { current, next: { ...current, serviceName: 'Other' } })).toBeUndefined();
  });

  it('is none on clients of administrators if settings limit only client applications', () => {
    const current = serviceWith({});
    const next = serviceWith({ softwareStatementRequired: true, dcrDuplicateSoftwareIdBlocked: true });
    const client = registered({ software_id: 's' }, current, 'static');

    expect(effectOn(client, { current, next })).toBeUndefined();
    expect(softwareIdToCheck(client, { current, next })).toBeUndefined();
    expect(
      effectOn(registered({ scope: 'b' }, current, 'static'), { current, next: serviceWith(scopes('a')) }),
    ).toMatchObject({
      effect: 'REFUSED',
    });
  });

  it('is a refusal of a software_id that another client has, if only the next settings refuse that', () => {
    const current = serviceWith({});
    const next = serviceWith({ dcrDuplicateSoftwareIdBlocked: true });
    const client = registered({ software_id: 's' }, current);

    expect(softwareIdToCheck(client, { current, next })).toBe('s');
    expect(softwareIdToCheck(client, { current: next, next })).toBeUndefined();
    expect(softwareIdToCheck(client, { current: next, next: current })).toBeUndefined();
    expect(effectOn(client, { current, next })).toBeUndefined();
    expect(effectOn(client, { current, next }, { hasTakenSoftwareId: true })).toMatchObject({
      effect: 'REFUSED',
      findings: [{ rule: 'software-id-unique' }],
    });
  });

  it('is found for a client with the longest metadata', () => {
    const names = (length: number) => ({
      scope: 'b',
      ...Object.fromEntries(Array.from({ length }, (_, i) => [`client_name#x-${i}`, 'x'.repeat(1_900)])),
    });
    const client = registered(names(34), serviceWith({}));

    expect(client.document.text.length).toBeGreaterThan(LIMITS.json - 2_000);
    expect(effectOn(client, { current: serviceWith({}), next: serviceWith(scopes('a')) })).toMatchObject({
      effect: 'REFUSED',
    });
  });

  it('is none on a document that nobody can read', () => {
    const client = { ...registered({}, serviceWith({})), document: ClientDocument.stored('{') };

    expect(effectOn(client, { current: serviceWith({}), next: serviceWith(scopes()) })).toBeUndefined();
  });
});
