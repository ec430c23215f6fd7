import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  CHECK_RULES,
  IGNORED_RULES,
  STATEMENT_RULES,
  SUPPORT_RULES,
  UPDATE_RULES,
} from '../../libs/model/src/decision/step-rules.ts';
import { KEY_RULES } from '../../libs/model/src/keys/key-rules.ts';
import { JSON_RULES } from '../../libs/model/src/metadata/json.ts';
import { FIELD_RULES } from '../../libs/model/src/metadata/problem.ts';
import { RFC8259 } from '../../libs/model/src/wire/specs.ts';
import { ADVICE } from '../../libs/model/src/rules/advice.ts';
import { RULES } from '../../libs/model/src/rules/index.ts';
import type { Rule } from '../../libs/model/src/rules/rule.ts';
import { URI_RULES } from '../../libs/model/src/uris/uri-rules.ts';
import { commentsOf, commentsOfIds } from './jsdoc.ts';
import { code, labelOf, table } from './markdown.ts';
import { ROOT } from './root.ts';

interface Described {
  readonly result?: string;
  readonly description?: string | undefined;
  /** If absent, the section that defines the member. */
  readonly specification?: string;
}

type Section = readonly (readonly [id: string, rule: Described])[];

const MODEL = fileURLToPath(new URL('libs/model/src/', ROOT));

const STEPS = 'decision/step-rules.ts';

const SECTIONS: Readonly<Record<string, Section>> = {
  'The text': described('metadata/json.ts', { JSON_RULES }).map(([id, rule]) => [
    id,
    { ...rule, specification: RFC8259 },
  ]),
  'Values of members': described('metadata/problem.ts', { FIELD_RULES }),
  URIs: described('uris/uri-rules.ts', { URI_RULES }).map(([key, rule]) => [`uri-${key.replaceAll('_', '-')}`, rule]),
  Keys: described('keys/key-rules.ts', { KEY_RULES }),
  'Rules across members': describedInFolder([...new Map(RULES.map((rule) => [rule.id, rule])).values()]),
  'Software statements': described(STEPS, { STATEMENT_RULES }),
  'What the service supports': described(STEPS, { SUPPORT_RULES }),
  Updates: described(STEPS, { UPDATE_RULES }),
  'Checks outside of the decision': described(STEPS, { CHECK_RULES }),
  'Members without effect': described(STEPS, { IGNORED_RULES }),
  Advice: describedInFolder(ADVICE),
};

export function rulesPage(): string {
  const ids = new Set(Object.values(SECTIONS).flatMap((section) => section.map(([id]) => id)));
  for (const id of namedInSteps()) if (!ids.has(id)) missing(id);
  const sections = Object.entries(SECTIONS).map(([heading, section]) => {
    const rows = section.map(([id, { description, specification }]) => [
      code(id),
      description ?? missing(id),
      specification === undefined ? 'that of the member' : `[${labelOf(specification)}](${specification})`,
    ]);
    return `## ${heading}\n\n${table(['rule', 'what it demands', 'specification'], rows)}\n`;
  });
  return `# Rules

The \`rule\` of every finding, by which programs tell findings apart ([decision](decision.md)). Messages may change, the names of rules
do not. Rules of values, URIs and keys apply to each member of that kind ([client metadata](client-metadata.md)).

<!-- prettier-ignore-start -->

${sections.join('\n')}
<!-- prettier-ignore-end -->
`;
}

function missing(id: string): never {
  throw new Error(`Describe the rule ${id} by a comment above it in libs/model/src.`);
}

/** The rules of one table of the model, with the comment above each rule. */
function described(path: string, tables: Readonly<Record<string, Readonly<Record<string, Described>>>>): Section {
  return Object.entries(tables).flatMap(([name, rules]) => {
    const comments = commentsOf(`${MODEL}${path}`, name);
    return Object.entries(rules).map(
      ([id, rule]) => [id, { ...rule, description: comments.get(id) ?? comments.get(`'${id}'`) }] as const,
    );
  });
}

/** The rules of the folder `rules`, with the comment above each id. */
function describedInFolder(rules: readonly Rule[]): Section {
  const files = readdirSync(`${MODEL}rules`).filter((name) => !name.endsWith('.spec.ts'));
  const comments = new Map(files.flatMap((name) => [...commentsOfIds(`${MODEL}rules/${name}`)]));
  return rules.map(({ id, specification }) => [id, { specification, description: comments.get(id) }]);
}

/** Everything in the source of the decision that is written as the name of a rule. */
function namedInSteps(): string[] {
  const folder = new URL('libs/model/src/decision/', ROOT);
  const files = readdirSync(folder).filter((name) => !name.endsWith('.spec.ts'));
  return files.flatMap((name) =>
    Array.from(readFileSync(new URL(name, folder), 'utf8').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g), ([, id]) => id!),
  );
}
