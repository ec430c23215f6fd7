import { FIELDS, type ClientMetadata, type ClientMetadataProperties, type TaggedValue } from './client-metadata.ts';
import { LIMITS } from './limits.ts';
import { taggedNames } from './language-tags.ts';

type Values = Record<string, unknown>;

/**
 * The part of each row that conversions use, in objects of one shape. JavaScript engines read such objects several times faster,
 * and every request reads every row.
 */
const ROWS = FIELDS.map(([name, field]) => ({
  name,
  ...placeOf(field.property),
  localizable: field.localizable,
  toProperty: field.toProperty as (member: unknown) => unknown,
  valued: field.values !== undefined,
  toMember: field.toMember as (property: unknown) => unknown,
}));

/** The place of a property: `extension.x` is `x` inside the object `extension`. */
function placeOf(path: string): { readonly outer: string | undefined; readonly property: string } {
  const [outer, inner] = path.split('.') as [string, string?];
  return inner === undefined ? { outer: undefined, property: path } : { outer, property: inner };
}

/** Client metadata as properties of Authlete's `Client`. Members that are absent stay absent. */
export function toClient(metadata: ClientMetadata): ClientMetadataProperties {
  const members = metadata as Values;
  const client: Values = {};
  const tagged = taggedNames(members);
  for (const { name, outer, property, localizable, toProperty } of ROWS) {
    const member = members[name];
    const value = member === undefined ? undefined : toProperty(member);
    if (value !== undefined) {
      if (outer === undefined) client[property] = value;
      else client[outer] = { ...(client[outer] as Values | undefined), [property]: value };
    }
    if (localizable === undefined) continue;
    const languages = tagged?.get(name);
    if (languages) {
      client[localizable] = languages.map(({ name, tag }): TaggedValue => ({ tag, value: members[name] as string }));
    }
  }
  return client;
}

/**
 * The members whose values have no constant in Authlete's `Client`; `undefined` if there are none. They are stored beside the
 * client.
 */
export function inexpressible(metadata: ClientMetadata): ClientMetadata | undefined {
  const members = metadata as Values;
  let beside: Values | undefined;
  for (const { name, valued, toProperty } of ROWS) {
    const member = members[name];
    if (!valued || member === undefined) continue;
    const property = toProperty(member);
    if (property === undefined || (Array.isArray(property) && property.length < (member as unknown[]).length)) {
      (beside ??= {})[name] = member;
    }
  }
  return beside as ClientMetadata | undefined;
}

/** A property of Authlete's `Client` has a value of another type. */
export class ClientPropertyError extends Error {
  override readonly name = 'ClientPropertyError';
}

function taggedValuesOf(properties: Values, localizable: string): readonly TaggedValue[] {
  const tagged = properties[localizable] ?? [];
  if (Array.isArray(tagged) && tagged.length > LIMITS.languageTags)
    throw new ClientPropertyError(`${localizable} must have at most ${LIMITS.languageTags} elements.`);
  const tags = Array.isArray(tagged) ? tagged.map((each) => (each as Partial<TaggedValue> | null)?.tag) : [undefined];
  if (tags.some((tag) => typeof tag !== 'string') || new Set(tags).size < tags.length)
    throw new ClientPropertyError(`${localizable} must be a list of {"tag", "value"}, each with its own tag.`);
  return tagged as readonly TaggedValue[];
}

/**
 * The client metadata of Authlete's `Client`. Properties that are absent stay absent. Throws `ClientPropertyError` if a list of
 * language-tagged values has another form; the check of each member judges all other values.
 *
 * The members are added to `into`, which may have other members of a response, because merging two objects would take longer.
 */
export function toMetadata<Into extends object = object>(
  client: ClientMetadataProperties,
  into: Into = {} as Into,
): ClientMetadata & Into {
  const properties = client as Values;
  const metadata = into as Values;
  for (const { name, outer, property, localizable, toMember } of ROWS) {
    const place = outer === undefined ? properties : (properties[outer] as Values | undefined);
    const value = place?.[property];
    if (value !== undefined && value !== null) metadata[name] = toMember(value);
    if (localizable === undefined) continue;
    for (const { tag, value } of taggedValuesOf(properties, localizable)) metadata[`${name}#${tag}`] = value;
  }
  return metadata as ClientMetadata & Into;
}
