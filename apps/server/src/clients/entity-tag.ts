import { isMatched } from '../http/if-match.ts';
import type { Service } from '../services/service.ts';
import type { Precondition, TaggedClient } from './precondition.ts';

/** Whether a response contains the members that only some callers may see: client secrets or their digests. */
type View = 'complete' | 'limited';

/**
 * The tag of a version of a client, without quotes. It depends on the version of the service too, because responses show settings of
 * the service. The times of the last changes distinguish a version from one that had the same number before a backup was restored.
 */
export function versionTag(client: TaggedClient, service: Service, view: View): string {
  const { clientId, version, modifiedAt } = client;
  const numbers = [clientId, version, modifiedAt, service.modifiedAt].map((number) => number.toString(36));
  return `${numbers.join('.')}.${view}`;
}

/**
 * The strong entity tag of a version of a client.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.3
 */
export function entityTag(client: TaggedClient, service: Service, view: View = 'complete'): string {
  return `"${versionTag(client, service, view)}"`;
}

/** An entity tag as the server gives it. Each number is at most `Number.MAX_SAFE_INTEGER`. */
const ENTITY_TAG = /^"(?:[\da-z]{1,11}\.){4}(?:complete|limited)"$/;

/** Whether the server could have given an entity tag. */
export function isEntityTag(value: string): boolean {
  return ENTITY_TAG.test(value);
}

/** The precondition of an `If-Match` header. The tag of either view matches. */
export function ifMatch(header: string | undefined): Precondition {
  return (client, service) =>
    isMatched(header, [entityTag(client, service, 'complete'), entityTag(client, service, 'limited')]);
}
