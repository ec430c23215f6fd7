import type { ClientDifference } from '@clientele/client';
import { clientIdOf } from '../client/stored-client.ts';
import { printable } from '../terminal.ts';
import type { Plan } from './plan.ts';

const LONGEST = 200;

/** Members whose values are never printed, although the server omits them too. */
const CREDENTIALS = /secret|token$/;

/** The difference between the declared and the stored clients, for people. */
export function linesOf({ steps, unchanged, deleted }: Plan): string[] {
  return [
    ...steps.flatMap(({ id, outcome, differences }) =>
      outcome === 'created'
        ? [`+ ${printable(id)}  created`]
        : differences.map((difference) => `~ ${printable(id)}  ${textOf(difference)}`),
    ),
    ...(unchanged > 0 ? [`= ${unchanged} unchanged`] : []),
    ...deleted.map((client) => `- ${printable(clientIdOf(client))}  deleted`),
  ];
}

/** The same for programs. */
export function documentOf({ steps, unchanged, deleted }: Plan): object {
  const idsOf = (outcome: string) => steps.filter((step) => step.outcome === outcome).map(({ id }) => id);
  return {
    created: idsOf('created'),
    changed: steps
      .filter(({ outcome }) => outcome === 'changed')
      .map(({ id, differences }) => ({ id, differences: differences.map(withoutCredential) })),
    unchanged,
    deleted: deleted.map(clientIdOf),
  };
}

function withoutCredential(difference: ClientDifference): ClientDifference {
  return CREDENTIALS.test(difference.member) ? { member: difference.member } : difference;
}

function textOf(difference: ClientDifference): string {
  const { member, before, after } = withoutCredential(difference);
  if (before === undefined && after === undefined) return `${printable(member)} changed`;
  return `${printable(member)}: ${valueOf(before)} -> ${valueOf(after)}`;
}

function valueOf(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = printable(JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
