import { isUriProblem, parseUri, type ClientMetadata } from '@clientele/model/metadata';
import { hashToken } from '../crypto/token.ts';
import type { Administration } from './client.ts';

/** The most characters of a name that a term contains. */
const LONGEST_NAME = 32;

/** The parts of a client that contain the values by which it is found. */
export interface Searchable {
  readonly document: { readonly metadata: ClientMetadata };
  readonly administration: Administration;
}

/** The term of a client with a value, in the table `client_search`. The letter distinguishes what the value is. */
export const TERM = {
  redirectUri: (uri: string) => `u${hashToken(uri)}`,
  redirectHost: (host: string) => `h${hashToken(host)}`,
  softwareId: (softwareId: string) => `s${hashToken(softwareId)}`,
  developer: (developer: string) => `d${hashToken(developer)}`,
  /** An attribute as `key=value`. */
  attribute: (attribute: string) => `a${hashToken(attribute)}`,
  /** The beginning of a name. Terms sort as their names, and the term of a prefix is a prefix of the term. */
  clientName: (name: string) => `n${digitsOf(Array.from(normalized(name)).slice(0, LONGEST_NAME).join(''))}`,
} as const;

/** The terms of a client, without duplicates. */
export function termsOf({ document: { metadata }, administration }: Searchable): readonly string[] {
  const { redirect_uris: redirectUris = [], software_id: softwareId } = metadata;
  const { developer, attributes = [] } = administration;
  return [
    ...new Set([
      ...redirectUris.map(TERM.redirectUri),
      ...redirectUris.flatMap(hostOf).map(TERM.redirectHost),
      ...namesOf(metadata).map(TERM.clientName),
      ...(softwareId === undefined ? [] : [TERM.softwareId(softwareId)]),
      ...(developer === undefined ? [] : [TERM.developer(developer)]),
      ...attributes.map(({ key, value }) => TERM.attribute(`${key}=${value}`)),
    ]),
  ];
}

/** A hash that changes if a value changes from which terms are derived. It is cheaper than the terms. */
export function hashOfSearchable({ document: { metadata }, administration }: Searchable): string {
  const { redirect_uris: redirectUris, software_id: softwareId } = metadata;
  const { developer, attributes } = administration;
  return hashToken(JSON.stringify([redirectUris, softwareId, namesOf(metadata), developer, attributes]));
}

/** The names of a client in all languages. */
export function namesOf(metadata: ClientMetadata): readonly string[] {
  const members = metadata as Readonly<Record<string, unknown>>;
  return Object.keys(members)
    .filter((member) => member === 'client_name' || member.startsWith('client_name#'))
    .map((member) => members[member] as string);
}

/** The host of a redirection URI, as a list; empty if the URI has none. */
export function hostOf(uri: string): readonly string[] {
  const parsed = parseUri(uri);
  return isUriProblem(parsed) || parsed.host === undefined ? [] : [parsed.host.name];
}

/**
 * A name as it is compared: without differences of case and of compatible characters. The lower case of a sigma depends on whether it
 * ends a word, which the end of a prefix does not tell.
 */
export function normalized(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ');
}

/** The bytes of a text in UTF-8, with three digits each: databases sort digits alike in every language. */
function digitsOf(text: string): string {
  return Array.from(Buffer.from(text), (byte) => String(byte).padStart(3, '0')).join('');
}
