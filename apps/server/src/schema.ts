import { ACCESS_TABLES } from './access/access-tables.ts';
import { CHANGE_TABLES } from './changes/change-tables.ts';
import { CLIENT_TABLES } from './clients/client-tables.ts';
import { ENCRYPTION_KEY_TABLE } from './database/encryption-keys.ts';
import { Schema } from './database/schema.ts';
import { WRITE_PROBE_TABLE } from './database/write-check.ts';
import { PROTOCOL_TABLES } from './protocol/protocol-tables.ts';
import { REGISTRATION_TABLES } from './registration/registration-tables.ts';
import { SERVICE_TABLES } from './services/service-tables.ts';

/** The schema of the store: each feature declares its tables. An export of a service has their rows in this order. */
export const SCHEMA = new Schema([
  ENCRYPTION_KEY_TABLE,
  WRITE_PROBE_TABLE,
  ...SERVICE_TABLES,
  ...ACCESS_TABLES,
  ...CLIENT_TABLES,
  ...REGISTRATION_TABLES,
  ...PROTOCOL_TABLES,
  ...CHANGE_TABLES,
]);
