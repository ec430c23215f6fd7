/** Decides whether a registration is accepted: pure, synchronous, for servers, browsers and tools alike. */
export {
  judgeSectorDocument,
  keepsFlow,
  softwareIdTaken,
  wrongCredential,
  type Check,
  type CredentialCheck,
  type SectorDocumentCheck,
} from './checks.ts';
export type { DecisionContext, RegisteredClient } from './context.ts';
export { decide } from './decide.ts';
export type { Decision, Source } from './decision.ts';
export { explanationOf, type CheckedRule, type CheckOutcome, type CheckRule, type Explanation } from './explanation.ts';
export type { Finding, Severity } from './finding.ts';
export type { ReadObject } from '../metadata/json.ts';
export { readRequest, type RegistrationRequest } from './read-request.ts';
export { supportedValues } from './support.ts';
export type { RegistrationSettings } from '../metadata/registration-settings.ts';
export { needsClientSecret } from '../rules/client-secret.ts';
export type { Plane, RegisteredSecret } from '../rules/client-facts.ts';
