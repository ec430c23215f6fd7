import { counted } from '../counted.ts';
import { differenceLines, withoutCredential } from '../client/differences.ts';
import { clientIdOf } from '../client/stored-client.ts';
import { printable } from '../terminal.ts';
import type { Plan } from './plan.ts';

/** The difference between the declared and the stored clients, for people. */
export function linesOf({ manager, steps, unchanged, deleted, kept }: Plan): string[] {
  return [
    ...steps.flatMap(({ id, outcome, differences }) =>
      outcome === 'created' ? [`+ ${printable(id)}  created`] : differenceLines(id, differences),
    ),
    ...(unchanged > 0 ? [`= ${unchanged} unchanged`] : []),
    ...deleted.map((client) => `- ${printable(clientIdOf(client))}  deleted`),
    ...(kept.length > 0 ? [keptLine(manager, kept.length)] : []),
  ];
}

function keptLine(manager: string, count: number): string {
  const [verb, object] = count === 1 ? ['is', 'it'] : ['are', 'them'];
  return `! ${counted(count, 'client')} of ${manager} ${verb} not in the file; --prune deletes ${object}`;
}

/** The same for programs. */
export function documentOf({ steps, unchanged, deleted, kept }: Plan): object {
  const idsOf = (outcome: string) => steps.filter((step) => step.outcome === outcome).map(({ id }) => id);
  return {
    created: idsOf('created'),
    changed: steps
      .filter(({ outcome }) => outcome === 'changed')
      .map(({ id, differences }) => ({ id, differences: differences.map(withoutCredential) })),
    unchanged,
    deleted: deleted.map(clientIdOf),
    kept: kept.map(clientIdOf),
  };
}

/** The question before a plan is applied. It names deletions, because they are permanent. */
export function questionOf({ steps, deleted }: Plan): string {
  const parts = [
    ...(steps.length > 0 ? [`make ${counted(steps.length, 'change')}`] : []),
    ...(deleted.length > 0 ? [`delete ${counted(deleted.length, 'client')} permanently`] : []),
  ];
  return `${parts.join(' and ').replace(/^./, (first) => first.toUpperCase())}?`;
}
