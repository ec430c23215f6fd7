import { fillInDefaults, FIELDS, type AnyField, type ClientMetadata, type JsonObject } from '@clientele/model/metadata';
import type { Service } from '../service/service.ts';
import { invalidMetadata } from './registration-error.ts';

/** What a service supports, against what a client asks for (`strict` and `narrow` in docs/services.md). */

type Members = Record<string, unknown>;

/** The rows that a property of the service limits. */
const LIMITED = FIELDS.filter(([, field]) => field.supported !== undefined);
const LIMITED_CHOICES = LIMITED.filter(([, { kind }]) => kind === 'choice');

/**
 * The metadata that a client asked for, without the values in lists that the service does not support, where another one
 * remains; unchanged for a strict service. RFC 7591 section 2: a server may replace what was asked for, and says so by what
 * it returns.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export function narrowed(service: Service, metadata: ClientMetadata): ClientMetadata {
  if (service.unsupportedValues !== 'NARROW') return metadata;
  const members: Members = { ...metadata };
  for (const [name, field] of LIMITED) {
    const supported = supportedBy(service, field);
    const asked = valuesOf(field, members[name]);
    const remaining = asked.filter((value) => supported?.has(value) !== false);
    if (remaining.length > 0 && remaining.length < asked.length && field.kind !== 'choice') {
      members[name] = field.kind === 'scope' ? remaining.join(' ') : remaining;
    }
  }
  return members as ClientMetadata;
}

/**
 * The request without the values in lists that no row knows, where a known one remains; unchanged for a strict service. To a
 * client, a grant type that this server does not know is one like any other that it does not support.
 */
export function withoutUnknown(service: Service, request: JsonObject): JsonObject {
  if (service.unsupportedValues !== 'NARROW') return request;
  const members: Members = { ...request };
  for (const [name, field] of FIELDS) {
    const asked = request[name];
    if (field.kind !== 'choices' || !Array.isArray(asked)) continue;
    const known = asked.filter((value) => typeof value !== 'string' || field.check([value]) === undefined);
    if (known.length > 0) members[name] = known;
  }
  return members;
}

/**
 * The metadata with every default filled in: those of the rows and the service's scopes, and where the service does not support
 * the usual default, the first value that it does. The object that is given is the one that is completed.
 */
export function completed(service: Service, metadata: ClientMetadata): ClientMetadata {
  const members: Members = metadata;
  const scopes = service.supportedScopes?.filter(({ defaultEntry }) => defaultEntry).map(({ name }) => name) ?? [];
  if (scopes.length > 0) members.scope ??= scopes.join(' ');
  const omitted = LIMITED_CHOICES.filter(([name]) => members[name] === undefined);
  fillInDefaults(metadata);
  for (const [name, field] of omitted) {
    if (members[name] === undefined) continue;
    const supported = supportedBy(service, field);
    if (supported?.has(members[name] as string) !== false) continue;
    members[name] = [...supported][0] ?? members[name];
  }
  return metadata;
}

/** Refuses metadata with a value that the service does not support; complete metadata, defaults included. */
export function checkSupported(service: Service, metadata: ClientMetadata): void {
  for (const [name, field] of LIMITED) {
    const supported = supportedBy(service, field);
    if (supported === undefined) continue;
    if (valuesOf(field, (metadata as Members)[name]).some((value) => !supported.has(value))) {
      throw invalidMetadata('valueUnsupported', {
        member: name,
        expected: `${[...supported].slice(0, 20).join(', ') || 'nothing'}.`,
      });
    }
  }
  const signed = service.requestObjectRequired && !service.traditionalRequestObjectProcessingApplied;
  if (signed && metadata.request_object_signing_alg === 'none') {
    throw invalidMetadata('algorithmUnfit', {
      member: 'request_object_signing_alg',
      expected: "not 'none', since the server only takes signed request objects.",
    });
  }
}

function knownMember(field: AnyField, constant: string): string[] {
  const member = field.toMember(constant) as string | undefined;
  return member === undefined ? [] : [member];
}

const NOTHING: ReadonlySet<string> = new Set();

/** The values, as they stand in client metadata, that the service supports for a member; `undefined` where it sets no limit. */
export function supportedBy(service: Service, field: AnyField): ReadonlySet<string> | undefined {
  const listed = service[field.supported as keyof Service] as
    readonly (string | { readonly name: string })[] | boolean | undefined;
  if (listed === undefined || listed === true) return undefined;
  if (listed === false) return NOTHING;
  const constants = listed.map((entry) => (typeof entry === 'string' ? entry : entry.name));
  // A list may serve several members, not all of which have all of its values.
  if (field.kind === 'choice') return new Set(constants.flatMap((constant) => knownMember(field, constant)));
  if (field.kind === 'choices') return new Set(field.toMember(constants) as string[]);
  return new Set(constants);
}

/** The values of a member, each in its one spelling (`id_token token`, whatever the order of its words). */
function valuesOf(field: AnyField, member: unknown): readonly string[] {
  // Without a capability there is nothing wrong with a client that does not ask for it.
  if (member === undefined || member === false) return [];
  if (field.kind === 'choices') return field.toMember(field.toProperty(member) as never) as string[];
  if (field.kind === 'scope') return (member as string).split(' ').filter((token) => token !== '');
  return Array.isArray(member) ? (member as string[]) : [member === true ? 'true' : (member as string)];
}
