/** The decision whether a registration is accepted: pure and synchronous, for servers, browsers and tools. */
export {
  judgeSectorDocument,
  keepsFlow,
  softwareIdTaken,
  untrustedStatement,
  wrongCredential,
  type Check,
  type CredentialCheck,
  type SectorDocumentCheck,
} from './decision/checks.ts';
export type { DecisionContext, RegisteredClient } from './decision/context.ts';
export { decide } from './decision/decide.ts';
export type { Decision, Source } from './decision/decision.ts';
export {
  explanationOf,
  type CheckedRule,
  type CheckOutcome,
  type CheckRule,
  type Explanation,
} from './decision/explanation.ts';
export type { Finding, Severity } from './decision/finding.ts';
export type { ReadObject } from './metadata/json.ts';
export { readRequest, type RegistrationRequest } from './decision/read-request.ts';
export type { ClientImpact, ImpactProgress, SettingsEffect } from './decision/settings-impact.ts';
export { supportedValues } from './decision/support.ts';
export type { RegistrationSettings } from './metadata/registration-settings.ts';
export { needsClientSecret, SHORTEST_KEY, usesSecretAsKey } from './rules/client-secret.ts';
export type { Plane, RegisteredSecret } from './rules/client-facts.ts';
