/**
 * An object that has all of these names, for copies (`{ ...record }`) that are filled in by computed names. An engine turns an
 * object that grows by computed names into a hash table; a copy of a whole one stays a record, which takes half the time to
 * fill in and to write as JSON. What is not filled in stays `undefined`, so the copies are for those who write them as JSON. A
 * name that is not among these takes longer than in an object of its own.
 */
export function recordOf<Name extends string>(names: Iterable<Name>): Partial<Record<Name, undefined>> {
  // What is parsed is a record, however many members it has.
  const record = JSON.parse(JSON.stringify(Object.fromEntries(Array.from(names, (name) => [name, null])))) as Partial<
    Record<Name, undefined>
  >;
  for (const name of Object.keys(record) as Name[]) record[name] = undefined;
  return record;
}
