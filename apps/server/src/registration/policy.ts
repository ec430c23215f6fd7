import { CLIENT_METADATA, FIELDS, type AnyField, type ClientMetadata } from '@clientele/model/metadata';
import type { Service } from '../service/service.ts';
import { invalidMetadata } from './registration-error.ts';

/** What a service supports, against what a client asks for (`strict` and `narrow` in docs/services.md). */

type Members = Record<string, unknown>;

/** The rows that a property of the service limits. */
const LIMITED = FIELDS.filter(([, field]) => field.supported !== undefined);

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

/** The metadata with the service's own defaults for members that the client omitted, where the usual ones are not supported. */
export function withServiceDefaults(service: Service, metadata: ClientMetadata): ClientMetadata {
  const methods = supportedBy(service, CLIENT_METADATA.token_endpoint_auth_method);
  const [method] = methods?.has('client_secret_basic') === true ? [] : (methods ?? []);
  const scopes = service.supportedScopes?.filter(({ defaultEntry }) => defaultEntry).map(({ name }) => name) ?? [];
  if (method === undefined && scopes.length === 0) return metadata;
  return {
    ...(method !== undefined && { token_endpoint_auth_method: method }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...metadata,
  };
}

/** Refuses metadata with a value that the service does not support; complete metadata, defaults included. */
export function checkSupported(service: Service, metadata: ClientMetadata): void {
  for (const [name, field] of LIMITED) {
    const supported = supportedBy(service, field);
    if (supported === undefined) continue;
    if (valuesOf(field, (metadata as Members)[name]).some((value) => !supported.has(value))) {
      throw invalidMetadata('A031201', {
        member: name,
        expected: `${[...supported].slice(0, 20).join(', ') || 'nothing'}.`,
      });
    }
  }
}

/** The values, as they stand in client metadata, that the service supports for a member; `undefined` where it sets no limit. */
export function supportedBy(service: Service, field: AnyField): ReadonlySet<string> | undefined {
  const listed = service[field.supported as keyof Service] as
    readonly (string | { readonly name: string })[] | undefined;
  if (listed === undefined) return undefined;
  const constants = listed.map((entry) => (typeof entry === 'string' ? entry : entry.name));
  if (field.kind === 'choice') return new Set(constants.map((constant) => field.toMember(constant) as string));
  if (field.kind === 'choices') return new Set(field.toMember(constants) as string[]);
  return new Set(constants);
}

/** The values of a member, each in its one spelling (`id_token token`, whatever the order of its words). */
function valuesOf(field: AnyField, member: unknown): readonly string[] {
  if (member === undefined) return [];
  if (field.kind === 'choices') return field.toMember(field.toProperty(member) as never) as string[];
  if (field.kind === 'scope') return (member as string).split(' ').filter((token) => token !== '');
  return Array.isArray(member) ? (member as string[]) : [member as string];
}
