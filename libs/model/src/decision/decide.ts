import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { isEmpty, type ReadObject } from '../metadata/json.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { ADVICE } from '../rules/advice.ts';
import { ClientFacts, type Plane } from '../rules/client-facts.ts';
import { RULES } from '../rules/index.ts';
import { lacksRedirectUris, REDIRECT_URIS_PRESENT } from '../rules/redirect-uris-present.ts';
import { checkSupport } from './check-support.ts';
import { keepsFlow, registeredFlowCheck, sectorDocumentCheck, type Check } from './checks.ts';
import { complete } from './complete.ts';
import type { DecisionContext } from './context.ts';
import { NO_CUSTOM_MEMBERS, noteIgnored, readCustomMembers } from './custom-members.ts';
import type { CustomMembers, Decision, Source } from './decision.ts';
import { newDraft } from './draft.ts';
import { findingOf, type Finding } from './finding.ts';
import { Findings } from './findings.ts';
import { checkIssuedMembers } from './issued-members.ts';
import { readFields } from './read-fields.ts';
import type { RegistrationRequest } from './read-request.ts';
import { withStatement } from './statement.ts';

/**
 * Decides whether a registration or an update is accepted, and which metadata is registered. It is pure and synchronous; checks
 * that need I/O are returned as `checks`. The steps are: software statement, members, alternatives and defaults, rules, support,
 * checks.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function decide(
  request: RegistrationRequest,
  settings: RegistrationSettings,
  context: DecisionContext,
): Decision {
  if ('finding' in request) return unreadable(request.finding);
  const { plane, operation, registered, statement, byAdministrator = false } = context;
  // The object has no prototype, because a custom member may be called `toString`.
  const sources = Object.create(null) as Record<string, Source>;
  const findings = new Findings(context.findings !== 'first', sources);

  const checks: Check[] = [];
  if (registered !== undefined) {
    checks.push(...checkIssuedMembers(request.members, registered, findings));
  }
  if (!byAdministrator) {
    if (operation === 'register' && isClosed(settings, plane)) refuseRegistration(findings);
    if (!findings.ended) checks.push(...checkStatement(request, settings, statement, findings));
  }
  const stated = statement === undefined ? request : withStatement(request, statement, sources, settings, findings);

  const draft = newDraft(stated, sources, settings, findings);
  const metadata = draft.metadata as ClientMetadata;
  const facts = new ClientFacts(metadata, draft.context, {
    plane,
    secret: registered?.secret ?? 'recoverable',
    isNamed: (member) => sources[member] !== undefined && sources[member] !== 'default',
  });
  let custom = NO_CUSTOM_MEMBERS;
  if (!findings.ended) readFields(draft);
  if (!findings.ended) complete(draft, facts);
  if (!findings.ended) checks.push(...checkRules(facts, findings, context));
  if (!findings.ended) checkSupport(draft);
  if (!findings.ended) custom = readCustomMembers(draft);
  if (findings.all) {
    noteIgnored(request.members, draft, operation);
    advise(facts, findings);
  }
  if (!findings.ended) checks.push(...outsideChecks(metadata, settings, byAdministrator));
  return {
    accepted: findings.accepted,
    metadata,
    custom,
    findings: findings.list,
    // Without a statement, only registered members of an accepted request have a source.
    provenance: findings.all || statement !== undefined ? provenanceOf(sources, metadata, custom) : sources,
    checks: findings.ended ? [] : checks,
  };
}

/** The decision about a text that is refused as JSON. */
function unreadable(finding: Finding): Decision {
  return {
    accepted: false,
    metadata: {},
    custom: NO_CUSTOM_MEMBERS,
    findings: [finding],
    provenance: {},
    checks: [],
  };
}

/** Adds advice to the findings. */
function advise(facts: ClientFacts, findings: Findings): void {
  for (const { id, specification, check } of ADVICE) {
    for (const violation of [check(facts) ?? []].flat()) {
      findings.add(findingOf({ rule: id, severity: 'advice', specification, ...violation }));
    }
  }
}

/** The checks that need the store or another server. */
function outsideChecks(
  metadata: ClientMetadata,
  settings: RegistrationSettings,
  byAdministrator: boolean,
): readonly Check[] {
  const { software_id: softwareId } = metadata;
  const unique: Check[] =
    settings.dcrDuplicateSoftwareIdBlocked === true && !byAdministrator && softwareId !== undefined
      ? [{ rule: 'software-id-unique', softwareId }]
      : [];
  const sector = sectorDocumentCheck(metadata);
  return sector === undefined ? unique : [...unique, sector];
}

/** The sources of registered members. The draft also has sources of refused and unknown members. */
function provenanceOf(
  sources: Readonly<Record<string, Source>>,
  metadata: ClientMetadata,
  { members }: CustomMembers,
): Readonly<Record<string, Source>> {
  const provenance: Record<string, Source> = {};
  for (const name of [...Object.keys(metadata), ...Object.keys(members)]) {
    const source = sources[name];
    if (source !== undefined) provenance[name] = source;
  }
  return provenance;
}

/** Whether nobody may register on a plane. */
function isClosed({ dynamicRegistrationSupported, protocolRegistration }: RegistrationSettings, plane: Plane): boolean {
  return plane === 'protocol' ? protocolRegistration === 'OFF' : dynamicRegistrationSupported === false;
}

function refuseRegistration(findings: Findings): void {
  findings.refuse({
    rule: 'registration-supported',
    members: [],
    error: 'invalid_request',
    result: 'registrationUnsupported',
  });
}

/** Refuses a missing or malformed statement. If its claims are not given, its signature must still be verified. */
function checkStatement(
  { members }: ReadObject,
  settings: RegistrationSettings,
  claims: ReadObject | undefined,
  findings: Findings,
): readonly Check[] {
  const { software_statement: statement } = members;
  const isMissing = isEmpty(statement);
  if (isMissing && settings.softwareStatementRequired !== true) return [];
  if (!isMissing && typeof statement === 'string') {
    return claims === undefined ? [{ rule: 'software-statement', statement }] : [];
  }
  findings.refuse({
    rule: isMissing ? 'statement-present' : 'statement-text',
    members: ['software_statement'],
    error: 'invalid_software_statement',
    result: isMissing ? 'statementMissing' : 'statementMalformed',
  });
  return [];
}

/** Applies the rules in order. A rule that reads a refused member is skipped. */
function checkRules(
  facts: ClientFacts,
  findings: Findings,
  { operation, replaced }: DecisionContext,
): readonly Check[] {
  const checks: Check[] = [];
  for (const rule of RULES) {
    if (findings.all && rule.reads.some((member) => findings.isRefused(member))) continue;
    if (rule === REDIRECT_URIS_PRESENT && operation === 'update' && facts.plane === 'api') {
      // Authlete: this may be the default flow of the client. Only the registered client shows whether it is.
      if (lacksRedirectUris(facts)) checks.push(registeredFlowCheck(facts));
      continue;
    }
    // Authlete: a client may have registered the default flow without redirect URIs, and an administrator may change the rest.
    if (rule === REDIRECT_URIS_PRESENT && replaced !== undefined && keepsFlow(replaced, facts.metadata)) continue;
    const violation = rule.check(facts);
    if (violation === undefined) continue;
    findings.violate(rule, violation);
    if (findings.ended) break;
  }
  return checks;
}
