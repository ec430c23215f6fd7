import { FIELDS, type ClientMetadata, type ClientMetadataProperties, type TaggedValue } from './client-metadata.ts';

type Values = Record<string, unknown>;

/** Client metadata as properties of Authlete's `Client`. Members that are absent stay absent. */
export function toClient(metadata: ClientMetadata): ClientMetadataProperties {
  const members = metadata as Values;
  const client: Values = {};
  const tags = Object.keys(members).filter((name) => name.includes('#'));
  for (const [name, field] of FIELDS) {
    const member = members[name];
    if (member !== undefined) put(client, field.property, field.toProperty(member));
    if (tags.length === 0 || field.localizable === undefined) continue;
    const tagged = tags
      .filter((tag) => tag.startsWith(`${name}#`))
      .map((tag): TaggedValue => ({ tag: tag.slice(name.length + 1), value: members[tag] as string }));
    if (tagged.length > 0) client[field.localizable as string] = tagged;
  }
  return client;
}

/** The client metadata of Authlete's `Client`. Properties that are absent stay absent. */
export function toMetadata(client: ClientMetadataProperties): ClientMetadata {
  const metadata: Values = {};
  for (const [name, field] of FIELDS) {
    const property = get(client, field.property);
    if (property !== undefined && property !== null) metadata[name] = field.toMember(property);
    if (field.localizable === undefined) continue;
    const tagged = (client as Values)[field.localizable as string] as TaggedValue[] | undefined;
    for (const { tag, value } of tagged ?? []) metadata[`${name}#${tag}`] = value;
  }
  return metadata as ClientMetadata;
}

/** Sets a property; `extension.x` stands for `x` inside the object `extension`. */
function put(client: Values, path: string, value: unknown): void {
  const nested = NESTED.get(path);
  if (nested === undefined) client[path] = value;
  else client[nested.outer] = { ...(client[nested.outer] as Values | undefined), [nested.inner]: value };
}

function get(client: Values, path: string): unknown {
  const nested = NESTED.get(path);
  return nested === undefined ? client[path] : (client[nested.outer] as Values | undefined)?.[nested.inner];
}

/** The few properties that lie inside another one. Taken apart once: this runs for every row of every request. */
const NESTED: ReadonlyMap<string, { readonly outer: string; readonly inner: string }> = new Map(
  FIELDS.filter(([, { property }]) => property.includes('.')).map(([, { property }]) => {
    const [outer, inner] = property.split('.') as [string, string];
    return [property, { outer, inner }];
  }),
);
