import {
  decide,
  keepsFlow,
  readRequest,
  softwareIdTaken,
  type Check,
  type Decision,
  type DecisionContext,
  type Finding,
  type SettingsEffect,
} from '@clientele/model/decision';
import { joinObjects, type ReadObject } from '@clientele/model/metadata';
import { differencesOf } from '../changes/difference.ts';
import { sealedDifferences } from '../changes/entry.ts';
import { LONGEST_DOCUMENT } from '../clients/check-client-document.ts';
import { canonicalId, type FoundClient } from '../clients/client.ts';
import type { Service } from '../services/service.ts';
import { documentOf } from './registered-client.ts';
import { untrusted } from './software-statement.ts';

/** The settings of a service before and after a change. */
export interface SettingsChange {
  readonly current: Service;
  readonly next: Service;
}

interface ImpactOptions {
  /** Whether another client has the `software_id`, if only the next settings refuse that. */
  readonly hasTakenSoftwareId?: boolean;
}

/**
 * The effect of a change of the settings on a client; `undefined` if there is none. It is decided as if the client sent its registered
 * metadata again or, if an administrator created the client, as if an administrator sent it. Nothing is fetched.
 */
export function effectOn(
  client: FoundClient,
  { current, next }: SettingsChange,
  { hasTakenSoftwareId = false }: ImpactOptions = {},
): SettingsEffect | undefined {
  const text = joinObjects(JSON.stringify({ client_id: canonicalId(client) }), client.document.text);
  const request = readRequest(text, LONGEST_DOCUMENT);
  // No settings make such metadata acceptable.
  if ('finding' in request) return undefined;
  const under = (settings: Service, findings: 'first' | 'all') => outcomeOf(client, request, settings, findings);
  // Most clients are not affected. To know that, the first refusal is enough.
  const quick = under(next, 'first');
  const isKept = quick.refusals.length === 0 && quick.document === client.document.text;
  if (isKept && !hasTakenSoftwareId) return undefined;

  const today = under(current, 'all');
  const then = under(next, 'all');
  const known = new Set(today.refusals.map(reasonOf));
  const refusals = then.refusals.filter((finding) => !known.has(reasonOf(finding)));
  if (hasTakenSoftwareId) refusals.push(softwareIdTaken());
  if (refusals.length > 0) return { effect: 'REFUSED', findings: refusals };
  if (then.refusals.length > 0) return undefined;
  const before = today.refusals.length === 0 ? today.document : client.document.text;
  if (differencesOf(JSON.parse(before) as object, JSON.parse(then.document) as object).length === 0) return undefined;
  return { effect: 'NARROWED', differences: [...sealedDifferences({ before, after: then.document }, [])] };
}

/** The `software_id` of a client, if only the next settings refuse it when another client has it; otherwise `undefined`. */
export function softwareIdToCheck(client: FoundClient, { current, next }: SettingsChange): string | undefined {
  if (current.dcrDuplicateSoftwareIdBlocked || !next.dcrDuplicateSoftwareIdBlocked) return undefined;
  return isStatic(client) ? undefined : client.document.metadata.software_id;
}

/** The outcome of a decision: why it is refused, and the document that is registered if it is not. */
interface Outcome {
  readonly refusals: Finding[];
  readonly document: string;
}

function outcomeOf(client: FoundClient, request: ReadObject, settings: Service, findings: 'first' | 'all'): Outcome {
  const decision = decide(request, settings, { ...contextOf(client), findings });
  const { software_statement: statement } = request.members;
  return {
    refusals: [
      ...decision.findings.filter(({ severity }) => severity === 'refused'),
      ...decision.checks.flatMap((check) => findingOf(check, client, settings, decision) ?? []),
    ],
    document: documentOf({ decision, softwareStatement: typeof statement === 'string' ? statement : undefined }).text,
  };
}

function contextOf(client: FoundClient): DecisionContext {
  if (isStatic(client)) {
    const { metadata } = client.document;
    return { plane: 'api', operation: 'register', byAdministrator: true, replaced: metadata };
  }
  // Whether the secret can be read is the same under all settings, so no secret is decrypted.
  const secret = client.secretDigests.length === 0 ? 'none' : 'recoverable';
  const { plane = 'api' } = client.provenance.registration;
  return { plane, operation: 'update', registered: { clientId: canonicalId(client), secret } };
}

function isStatic({ provenance }: FoundClient): boolean {
  return provenance.source === 'static';
}

/** The finding of a check that needs neither another server nor the store; `undefined` if it passes or needs one of them. */
function findingOf(check: Check, client: FoundClient, settings: Service, { metadata }: Decision): Finding | undefined {
  switch (check.rule) {
    case 'software-statement':
      return untrusted(settings, check.statement);
    case 'redirect-uris-present':
      return keepsFlow(client.document.metadata, metadata) ? undefined : check.finding;
    default:
      return undefined;
  }
}

/** Identifies a refusal under both settings. Its message does not, because it also lists the supported values. */
function reasonOf({ rule, members, resultCode }: Finding): string {
  return [rule, resultCode, ...members].join(' ');
}
