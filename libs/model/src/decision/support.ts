import { FIELDS, type AnyField } from '../metadata/client-metadata.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';

/** The values that a service supports, by member, as client metadata has them. A member without a limit is absent. */
export type Support = ReadonlyMap<string, ReadonlySet<string>>;

const NOTHING: ReadonlySet<string> = new Set();

const KNOWN = new WeakMap<RegistrationSettings, Support>();

/** The values that the settings support, computed once for each settings object. */
export function supportOf(settings: RegistrationSettings): Support {
  let support = KNOWN.get(settings);
  if (support === undefined) KNOWN.set(settings, (support = compute(settings)));
  return support;
}

function compute(settings: RegistrationSettings): Support {
  const support = new Map<string, ReadonlySet<string>>();
  for (const [name, field] of FIELDS) {
    const values = supportedValues(settings, field);
    if (values !== undefined) support.set(name, values);
  }
  return support;
}

/** The values that the settings support for a member; `undefined` if they set no limit. */
export function supportedValues(settings: RegistrationSettings, field: AnyField): ReadonlySet<string> | undefined {
  const listed = field.supported && settings[field.supported];
  if (listed === undefined || listed === true) return undefined;
  if (listed === false) return NOTHING;
  const constants = listed.map((entry) => (typeof entry === 'string' ? entry : entry.name));
  // Several members may share a list, but not every member has all of its values.
  if (field.kind === 'choice') {
    const values = constants.map((constant) => field.toMember(constant) as string);
    return new Set(values.filter((value) => field.values?.includes(value)));
  }
  return new Set(field.kind === 'choices' ? (field.toMember(constants) as string[]) : constants);
}
