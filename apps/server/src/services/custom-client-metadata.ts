import { FIELDS, ISSUED_MEMBERS } from '@clientele/model/metadata';
import type { ServiceSettingsDto } from './service-settings.dto.ts';

/** Names that custom client metadata cannot have. */
const RESERVED: ReadonlySet<string> = new Set([
  ...FIELDS.flatMap(([name, { alternatives }]) => [name, (alternatives as string | undefined) ?? name]),
  ...Object.keys(ISSUED_MEMBERS),
  'software_statement',
]);

/** The first name of the custom client metadata that has a meaning of its own; `undefined` where none has. */
export function reservedName({ supportedCustomClientMetadata }: ServiceSettingsDto): string | undefined {
  return supportedCustomClientMetadata?.find((name) => RESERVED.has(name) || name.includes('#'));
}
