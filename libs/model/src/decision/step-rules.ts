import {
  OIDC_SECTOR_IDENTIFIER,
  RFC7591_CLIENT_METADATA,
  RFC7591_REGISTRATION,
  RFC7591_SOFTWARE_STATEMENT,
  RFC7592_UPDATE,
} from '../wire/specs.ts';

/** A rule that belongs to a step of the decision. Without a section, the section that defines the member demands it. */
interface StepRule {
  readonly specification?: string;
}

export const STATEMENT_RULES = {
  /** A software statement is present if the service requires one. */
  'statement-present': { specification: RFC7591_SOFTWARE_STATEMENT },
  /** A software statement is a string. */
  'statement-text': { specification: RFC7591_SOFTWARE_STATEMENT },
  /** If a software statement has keys, the client has no other keys. */
  'statement-keys': { specification: RFC7591_SOFTWARE_STATEMENT },
  /** Every redirect URI is one of the `software_redirect_uris` of the software statement. */
  'statement-redirect-uris': { specification: RFC7591_SOFTWARE_STATEMENT },
} as const satisfies Readonly<Record<string, StepRule>>;

export const SUPPORT_RULES = {
  /** The service lets clients register (API plane: `dynamicRegistrationSupported`; protocol plane: `protocolRegistration`). */
  'registration-supported': { specification: RFC7591_REGISTRATION },
  /** The service supports the value. */
  'value-supported': {},
  /** The server drops an unsupported value from a list if a supported value remains (`unsupportedValues`). */
  'value-narrowed': {},
} as const satisfies Readonly<Record<string, StepRule>>;

export const UPDATE_RULES = {
  /** An update has the `client_id` of its client, and no other value than the issued value for a member that the server issues. */
  'issued-members': { specification: RFC7592_UPDATE },
} as const satisfies Readonly<Record<string, StepRule>>;

export const CHECK_RULES = {
  /** The `client_secret` in an update is the secret of the client. */
  'client-secret': { specification: RFC7592_UPDATE },
  /** The `registration_access_token` in an update is the token of the client. */
  'registration-access-token': { specification: RFC7592_UPDATE },
  /** No other client has the `software_id` (`dcrDuplicateSoftwareIdBlocked`). */
  'software-id-unique': { specification: RFC7591_CLIENT_METADATA },
  /** The document at `sector_identifier_uri` is a JSON array with the URIs of the client. */
  'sector-identifier-document': { specification: OIDC_SECTOR_IDENTIFIER },
  /** An update without redirect URIs through the API keeps the flow of a client that has no redirect URIs. */
  'redirect-uris-present': { specification: RFC7591_CLIENT_METADATA },
  /** The software statement has a valid signature of an issuer that the service trusts. */
  'software-statement': { specification: RFC7591_SOFTWARE_STATEMENT },
} as const satisfies Readonly<Record<string, StepRule>>;

export const IGNORED_RULES = {
  /** The server ignores a member that nobody defines. */
  'member-unknown': { specification: RFC7591_CLIENT_METADATA },
  /** In a registration, the server ignores a member that it issues. */
  'member-issued': { specification: RFC7591_CLIENT_METADATA },
} as const satisfies Readonly<Record<string, StepRule>>;

export const STEP_RULES = {
  ...STATEMENT_RULES,
  ...SUPPORT_RULES,
  ...UPDATE_RULES,
  ...CHECK_RULES,
  ...IGNORED_RULES,
};

/** The rules of steps whose section does not depend on the member. */
export type StepRuleName = Exclude<keyof typeof STEP_RULES, 'value-supported' | 'value-narrowed'>;
