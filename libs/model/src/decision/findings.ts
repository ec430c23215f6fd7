import type { AnyField } from '../metadata/client-metadata.ts';
import type { Problem } from '../metadata/problem.ts';
import type { Broken, Rule } from '../rules/rule.ts';
import type { Source } from './decision.ts';
import { findingOf, type Finding, type FindingOf } from './finding.ts';

/** The most findings of one decision; a document of 64 KiB could have thousands. */
const MOST = 200;

/** Collects the findings of one decision, and knows which members were refused. */
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

  /** Whether there is nothing more to find out. */
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

  /** The problems of a member; `member` is its name for messages, perhaps with a language tag, and `sent` its name as it was sent. */
  refuseField(member: string, name: string, field: AnyField, problems: readonly Problem[], sent = member): void {
    this.refusedMembers.add(name);
    const stated = this.sources[sent] === 'statement';
    for (const { rule, result, at, says, specification = field.spec } of problems) {
      const error = field.error ?? 'invalid_client_metadata';
      this.refuse({ rule, members: [`${member}${at}`], error, result, says, specification }, stated);
    }
  }

  break({ id, specification }: Rule, broken: Broken | readonly Broken[]): void {
    for (const { error = 'invalid_client_metadata', ...one } of [broken].flat()) {
      this.refuse({ rule: id, specification, error, ...one });
    }
  }

  private isStated(members: readonly string[]): boolean {
    return members.length > 0 && members.every((member) => this.sources[nameOf(member)] === 'statement');
  }

  /** Adds a refusal. If all values at fault come from the software statement, its error is that of a software statement. */
  refuse(finding: FindingOf, stated = this.isStated(finding.members)): void {
    const { says } = finding;
    if (!stated) this.add(findingOf(finding));
    else {
      const inStatement = says === undefined ? undefined : `${says} The value is in the software statement.`;
      this.add(findingOf({ ...finding, says: inStatement, error: 'invalid_software_statement' }));
    }
  }
}

/** The member without the position. */
export function nameOf(member: string): string {
  return /^[^[.]*/.exec(member)?.[0] ?? member;
}
