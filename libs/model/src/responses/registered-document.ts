import { FIELDS, type ClientMetadata } from '../metadata/client-metadata.ts';
import { scan } from '../metadata/json-scan.ts';
import { taggedNames } from '../metadata/language-tags.ts';
import { isStandardMember } from './client-information.ts';

/** The parts of a registered document: the metadata of a client as the text of one JSON object. */
export interface RegisteredDocument {
  /** The members that the table of client metadata defines. */
  readonly metadata: ClientMetadata;
  /** The custom members of the service, as the JSON text of an object; `{}` if there are none. Numbers are exact. */
  readonly custom: string;
  /** The software statement of the registration, unmodified (RFC 7591 section 3.2.1). */
  readonly softwareStatement?: string | undefined;
}

/** The text of a document, without whitespace. */
export function writeDocument({ metadata, custom, softwareStatement }: RegisteredDocument): string {
  const standard = softwareStatement === undefined ? metadata : { ...metadata, software_statement: softwareStatement };
  // Appended as text, so that a number beyond double precision is returned as it was sent.
  return joinObjects(JSON.stringify(standard), custom);
}

const NAMES = FIELDS.map(([name]) => name);

/**
 * The members in the order of the table, each followed by its values in other languages, so that the same metadata has the same text in
 * whatever order it was requested.
 */
export function orderedMetadata(metadata: ClientMetadata): ClientMetadata {
  const members = metadata as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  const tagged = taggedNames(metadata);
  for (const name of NAMES) {
    if (members[name] !== undefined) ordered[name] = members[name];
    const languages = tagged?.get(name);
    if (languages === undefined) continue;
    for (const language of languages.map((each) => each.name).sort()) ordered[language] = members[language];
  }
  return ordered as ClientMetadata;
}

/** Reads a text of `writeDocument`. */
export function readDocument(text: string): RegisteredDocument {
  const { software_statement: softwareStatement, ...metadata } = JSON.parse(text) as Record<string, unknown>;
  const own = Object.keys(metadata).filter((name) => !isStandardMember(name));
  let custom = '{}';
  if (own.length > 0) {
    const { inexact } = scan(text);
    const members = own.map((name) => {
      const value = inexact.get(name)?.text ?? JSON.stringify(metadata[name]);
      Reflect.deleteProperty(metadata, name);
      return `${JSON.stringify(name)}:${value}`;
    });
    custom = `{${members.join(',')}}`;
  }
  return { metadata: metadata as ClientMetadata, custom, softwareStatement: softwareStatement as string | undefined };
}

/** Joins the texts of two JSON objects without common members. */
export function joinObjects(one: string, other: string): string {
  if (one === '{}') return other;
  return other === '{}' ? one : `${one.slice(0, -1)},${other.slice(1)}`;
}
