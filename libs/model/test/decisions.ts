import {
  decide,
  readRequest,
  type Decision,
  type DecisionContext,
  type Finding,
  type RegisteredClient,
  type RegistrationSettings,
} from '../src/decision.ts';
import { readJsonObject, type ReadObject } from '../src/metadata/json.ts';

/** The circumstances of a decision. The default is a registration on the API plane. */
export interface Circumstances extends Partial<Pick<DecisionContext, 'plane' | 'findings'>> {
  readonly registered?: RegisteredClient | undefined;
  readonly settings?: RegistrationSettings;
  /** The claims of a verified software statement; the request then has a statement. */
  readonly statement?: object | undefined;
}

export const REGISTERED: RegisteredClient = {
  clientId: '4711',
  clientIdIssuedAt: 1_700_000_000,
  clientSecretExpiresAt: 0,
  registrationClientUri: 'https://as.example.org/register/4711',
  secret: 'recoverable',
};

/** Decides about a document: its JSON text, or the object itself. With `registered`, it is an update. */
export function decideOn(document: object | string, circumstances: Circumstances = {}): Decision {
  const { settings = {}, statement, plane = 'api', registered, findings = 'all' } = circumstances;
  const sent = statement === undefined ? document : { ...(document as object), software_statement: 'a.b.c' };
  const request = readRequest(typeof sent === 'string' ? sent : JSON.stringify(sent));
  const context = { plane, findings, statement: statement && read(JSON.stringify(statement)) };
  return registered === undefined
    ? decide(request, settings, { ...context, operation: 'register' })
    : decide(request, settings, { ...context, operation: 'update', registered });
}

/** Decides about an update of the registered client. */
export function decideOnUpdate(metadata: object, circumstances: Circumstances = {}): Decision {
  return decideOn({ client_id: REGISTERED.clientId, ...metadata }, { registered: REGISTERED, ...circumstances });
}

export function refusalsOf({ findings }: Decision): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'refused');
}

export function read(text: string): ReadObject {
  const object = readJsonObject(text);
  if ('problem' in object) throw new Error(object.problem.detail);
  return object;
}
