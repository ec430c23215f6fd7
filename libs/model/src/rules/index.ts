import { BACKCHANNEL_AUTHENTICATION_RULES } from './backchannel-authentication.ts';
import { CLIENT_AUTHENTICATION_RULES } from './client-authentication.ts';
import { CLIENT_CERTIFICATE_RULES } from './client-certificates.ts';
import { ENCRYPTION_RULES } from './encryption.ts';
import { GRANT_TYPE_RULES } from './grant-types.ts';
import { KEY_SOURCE_RULES } from './key-sources.ts';
import { LOGOUT_RULES } from './logout.ts';
import { REDIRECT_URI_RULES } from './redirect-uris.ts';
import { REDIRECT_URIS_PRESENT } from './redirect-uris-present.ts';
import { REQUEST_URI_RULES } from './request-uris.ts';
import type { Rule } from './rule.ts';
import { SIGNATURE_RULES } from './signatures.ts';
import { SUBJECT_TYPE_RULES } from './subject-types.ts';

/** The rules across members, in order of precedence: the first violation is reported first. */
export const RULES: readonly Rule[] = [
  REDIRECT_URIS_PRESENT,
  ...GRANT_TYPE_RULES,
  ...REDIRECT_URI_RULES,
  ...KEY_SOURCE_RULES,
  ...CLIENT_CERTIFICATE_RULES,
  ...CLIENT_AUTHENTICATION_RULES,
  ...ENCRYPTION_RULES,
  ...SIGNATURE_RULES,
  ...REQUEST_URI_RULES,
  ...SUBJECT_TYPE_RULES,
  ...BACKCHANNEL_AUTHENTICATION_RULES,
  ...LOGOUT_RULES,
];
