import { STANDARD_MEMBERS } from '@clientele/model/metadata';
import type { ServiceSettingsDto } from './service-settings.dto.ts';

/** The first name that custom client metadata cannot have; `undefined` if there is none. */
export function reservedName({ supportedCustomClientMetadata }: ServiceSettingsDto): string | undefined {
  return supportedCustomClientMetadata?.find((name) => STANDARD_MEMBERS.has(name) || name.includes('#'));
}
