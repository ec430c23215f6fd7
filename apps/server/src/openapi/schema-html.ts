import { code, escape, linkTo, prose, table } from './html.ts';
import type { Schema } from './metadata-schema.ts';

const REFERENCE = '#/components/schemas/';

/** More values than these are not shown in a table. */
const MOST_VALUES = 40;

type Named<T> = Readonly<Record<string, T>>;

/** The type of a value, with its limits, and a link to a schema that has a name. */
export function typeOf(schema: Schema): string {
  const {
    oneOf,
    allOf,
    enum: values,
    type,
    items,
  } = schema as {
    oneOf?: Schema[];
    allOf?: Schema[];
    enum?: unknown[];
    type?: string;
    items?: Schema;
  };
  const name = referenceOf(schema);
  if (name !== undefined) return linkTo(idOfSchema(name), escape(name));
  if (oneOf !== undefined) return oneOf.map(typeOf).join(' or ');
  if (allOf !== undefined) return allOf.map(typeOf).join(' with ');
  if (values !== undefined) return valuesOf(values);
  if (type === 'array') return `list of ${typeOf(items ?? {})}${limitsOf(schema)}`;
  return escape(`${type ?? 'any JSON value'}${limitsOf(schema)}`);
}

/** The name of the schema to which a schema refers. */
export function referenceOf({ $ref }: Schema): string | undefined {
  return typeof $ref === 'string' ? $ref.replace(REFERENCE, '') : undefined;
}

export function idOfSchema(name: string): string {
  return `schema-${name}`;
}

function valuesOf(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => code(JSON.stringify(value)));
  return shown.join(' ') + (values.length > shown.length ? ` and ${values.length - shown.length} more` : '');
}

function limitsOf(schema: Schema): string {
  const { format, minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema as Named<
    string | number | undefined
  >;
  const limits = [
    format,
    rangeOf(minimum, maximum, ''),
    rangeOf(minLength, maxLength, ' characters'),
    rangeOf(minItems, maxItems, ' entries'),
    pattern,
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function rangeOf(least: string | number | undefined, most: string | number | undefined, unit: string) {
  if (least === undefined && most === undefined) return undefined;
  if (most === undefined || most === Number.MAX_SAFE_INTEGER) return `from ${least ?? 0}${unit}`;
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
}

/** The description of a schema, the schemas that it extends, and a table of its members. */
export function schemaHtml(schema: Schema): string {
  const { description, externalDocs, allOf } = schema as {
    description?: string;
    externalDocs?: { url: string };
    allOf?: Schema[];
  };
  const rows = rowsOf(schema, '');
  return [
    description === undefined ? '' : `<p>${prose(description)}</p>`,
    externalDocs === undefined ? '' : `<p>${linkToSpecification(externalDocs.url)}</p>`,
    allOf === undefined
      ? ''
      : `<p>All members of ${allOf.map(typeOf).join(', ')}${rows.length > 0 ? ', and:' : '.'}</p>`,
    table(['member', 'type', 'description'], rows),
    allOf === undefined && rows.length === 0 ? `<p>${typeOf(schema)}</p>` : '',
  ].join('');
}

/** A row for each member; those of an object inside follow it. */
function rowsOf(schema: Schema, path: string): string[][] {
  const { properties = {}, required = [] } = schema as { properties?: Named<Schema>; required?: readonly string[] };
  return Object.entries(properties).flatMap(([name, member]) => {
    const at = `${path}${name}`;
    const inside = (member.type === 'array' ? member.items : member) as Schema;
    return [
      [code(at) + (required.includes(name) ? ' (required)' : ''), typeOf(member), textOf(member)],
      ...rowsOf(inside, member.type === 'array' ? `${at}[].` : `${at}.`),
    ];
  });
}

function textOf({ description, externalDocs, writeOnly }: Schema): string {
  const { url } = (externalDocs ?? {}) as { url?: string };
  const parts = [
    typeof description === 'string' ? prose(description) : '',
    writeOnly === true ? 'Only in requests.' : '',
    url === undefined ? '' : linkToSpecification(url),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function linkToSpecification(url: string): string {
  const name = /[^/]+$/.exec(url)?.[0].replace('.html', '').replace('#', ', ') ?? url;
  return `<a href="${escape(url)}">${escape(name)}</a>`;
}
