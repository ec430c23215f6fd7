import { FIELDS, type AnyField } from '../metadata/client-metadata.ts';
import { quote } from '../text/quote.ts';
import type { Draft } from './draft.ts';

/**
 * Refuses values that the service does not support. The metadata is complete: defaults are included.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export function checkSupport({ metadata, sources, support, findings }: Draft): void {
  if (support.size === 0) return;
  for (const [name, field] of FIELDS) {
    const supported = support.get(name);
    if (supported === undefined) continue;
    const values = valuesOf(field, metadata[name]);
    const at = values.findIndex((value) => !supported.has(value));
    if (at === -1) continue;
    const position = Array.isArray(metadata[name]) ? `[${at}]` : '';
    const value = quote(values[at] ?? '');
    const isDefault = sources[name] === 'default';
    const listed = [...supported].slice(0, 20).join(', ');
    const nothing = isDefault ? 'the service supports no value' : 'omit the member';
    const remedy = listed === '' ? nothing : `${isDefault ? 'send' : 'use'} one of ${listed}`;
    const detail = isDefault
      ? `is missing, and this service does not support its default ${value}; ${remedy}.`
      : `${value} is not supported by this service; ${remedy}.`;
    findings.refuse({
      rule: 'value-supported',
      members: [`${name}${position}`],
      error: field.error ?? 'invalid_client_metadata',
      result: 'valueUnsupported',
      detail,
      specification: field.spec,
    });
    if (findings.ended) return;
  }
}

/** The values of a member, as settings list them. */
function valuesOf(field: AnyField, member: unknown): readonly string[] {
  // A client that does not ask for a capability needs no support for it.
  if (member === undefined || member === false) return [];
  if (field.kind === 'scope') return (member as string).split(' ');
  if (Array.isArray(member)) return member as string[];
  return [member === true ? 'true' : (member as string)];
}
