import { FIELDS, ISSUED_MEMBERS } from '@clientele/model/metadata';
import type { ServiceSettingsDto } from './service-settings.dto.ts';

/** Names of members with a meaning of their own. */
const RESERVED: ReadonlySet<string> = new Set([
  ...FIELDS.flatMap(([name, { alternatives }]) => [name, alternatives ?? name]),
  ...Object.keys(ISSUED_MEMBERS),
  'software_statement',
]);

/** The first name that custom client metadata cannot have; `undefined` if there is none. */
export function reservedName({ supportedCustomClientMetadata }: ServiceSettingsDto): string | undefined {
  return supportedCustomClientMetadata?.find((name) => RESERVED.has(name) || name.includes('#'));
}
