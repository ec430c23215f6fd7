import type { AnyField } from '../metadata/client-metadata.ts';
import type { Problem } from '../metadata/problem.ts';
import type { Violation, Rule } from '../rules/rule.ts';
import type { Source } from './decision.ts';
import { findingOf, type Finding, type FindingParts } from './finding.ts';

/** The most findings of one decision. A document of 64 KiB could have thousands. */
const MOST = 200;

/** The findings of one decision, and the members that were refused. */
export class Findings {
  readonly list: Finding[] = [];
  private readonly refusedMembers = new Set<string>();
  private refusals = 0;

  constructor(
    /** Whether every finding is collected; otherwise the first refusal ends the decision. */
    readonly all: boolean,
    private readonly sources: Readonly<Record<string, Source>>,
  ) {}

  get accepted(): boolean {
    return this.refusals === 0;
  }

  /** Whether the decision ends here. */
  get ended(): boolean {
    return !this.all && this.refusals > 0;
  }

  isRefused(member: string): boolean {
    return this.refusedMembers.has(member);
  }

  add(finding: Finding): void {
    if (finding.severity === 'refused') this.refusals++;
    else if (!this.all) return;
    if (this.list.length < MOST && !(this.ended && this.refusals > 1)) this.list.push(finding);
  }

  /** Adds the problems of a member. Messages call it `member`, which may have a language tag; the request calls it `sent`. */
  refuseField(member: string, name: string, field: AnyField, problems: readonly Problem[], sent = member): void {
    this.refusedMembers.add(name);
    const stated = this.sources[sent] === 'statement';
    for (const { rule, result, at, detail, specification = field.spec } of problems) {
      const error = field.error ?? 'invalid_client_metadata';
      this.refuse({ rule, members: [`${member}${at}`], error, result, detail, specification }, stated);
    }
  }

  /** Adds the violations of a rule. */
  violate({ id, specification }: Rule, violations: Violation | readonly Violation[]): void {
    for (const violation of [violations].flat()) {
      this.refuse({ rule: id, specification, ...violation });
    }
  }

  private isStated(members: readonly string[]): boolean {
    return members.length > 0 && members.every((member) => this.sources[nameOf(member)] === 'statement');
  }

  /** Adds a refusal. If all values at fault are in the software statement, the error is `invalid_software_statement`. */
  refuse(finding: FindingParts, stated = this.isStated(finding.members)): void {
    const { detail } = finding;
    if (!stated) this.add(findingOf(finding));
    else {
      const inStatement = detail === undefined ? undefined : `${detail} The value is in the software statement.`;
      this.add(findingOf({ ...finding, detail: inStatement, error: 'invalid_software_statement' }));
    }
  }
}

/** The member without the position. */
export function nameOf(member: string): string {
  return /^[^[.]*/.exec(member)?.[0] ?? member;
}
