import { printableName, type JsonObject } from '@clientele/model/metadata';
import type { Row } from '../database/database.ts';
import { LARGEST_COUNT, RecordError, type Table } from '../database/table.ts';
import { expectAccepted, expectObjectIn, expectOrder, expectWithin, isWithin } from '../http/record-checks.ts';
import { reservedName } from './custom-client-metadata.ts';
import { lengthProblem } from './longest-json.ts';
import { ServiceSettingsDto } from './service-settings.dto.ts';
import { ADDED_MEMBERS } from './service.ts';

/** The services. `properties` is the `Service` as JSON. */
const SERVICE_TABLE: Table = {
  name: 'service',
  columns: { service_id: 'id', version: 'version', created_at: 'time', modified_at: 'time', properties: 'text' },
  primaryKey: ['service_id'],
  exported: { check: checkService },
};

/** One row with a number that changes with every change of a service or an API access token. */
const SERVICE_STATE_TABLE: Table = {
  name: 'service_state',
  columns: { state: 'id' },
  primaryKey: ['state'],
  firstRow: { state: 1 },
  exported: false,
};

/** The services that were deleted, until all their rows are deleted (`DeletedServices`). Nobody can use their IDs meanwhile. */
export const DELETED_SERVICE_TABLE: Table = {
  name: 'deleted_service',
  columns: { service_id: 'id', deleted_at: 'number' },
  primaryKey: ['service_id'],
  exported: false,
};

export const SERVICE_TABLES = [SERVICE_TABLE, SERVICE_STATE_TABLE, DELETED_SERVICE_TABLE];

function checkService(row: Row, serviceId: number): void {
  const document = expectObjectIn(row, 'properties');
  if (!isWithin(document.number, 0, LARGEST_COUNT))
    throw new RecordError(`properties.number must be a whole number from 0 to ${LARGEST_COUNT}`);
  if (document.apiKey !== serviceId) throw new RecordError(`properties.apiKey must be ${serviceId}, as in the header`);
  if (document.createdAt !== row.created_at || document.modifiedAt !== row.modified_at)
    throw new RecordError('properties.createdAt and properties.modifiedAt must be created_at and modified_at');
  expectOrder(row);
  const settings: JsonObject = { ...document };
  for (const name of ADDED_MEMBERS) Reflect.deleteProperty(settings, name);
  const tooLong = lengthProblem(settings, 'the settings');
  if (tooLong !== undefined) throw new RecordError(tooLong.replace(/\.$/, ''));
  const accepted = expectAccepted(ServiceSettingsDto, settings);
  const reserved = reservedName(accepted);
  if (reserved !== undefined)
    throw new RecordError(`properties.supportedCustomClientMetadata must not hold ${printableName(reserved)}`);
  expectWithin(settings, accepted, 'properties');
}
