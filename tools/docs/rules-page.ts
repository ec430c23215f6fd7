import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KEY_RULES } from '../../libs/model/src/keys/key-rules.ts';
import { JSON_RULES } from '../../libs/model/src/metadata/json.ts';
import { FIELD_RULES } from '../../libs/model/src/metadata/problem.ts';
import {
  OIDC_SECTOR_IDENTIFIER,
  RFC7591_CLIENT_METADATA,
  RFC7591_REGISTRATION,
  RFC7591_SOFTWARE_STATEMENT,
  RFC7592_UPDATE,
  RFC8259,
} from '../../libs/model/src/wire/specs.ts';
import { ADVICE } from '../../libs/model/src/rules/advice.ts';
import { RULES } from '../../libs/model/src/rules/index.ts';
import { URI_RULES } from '../../libs/model/src/uris/uri-rules.ts';
import { commentsOf, commentsOfIds } from './jsdoc.ts';
import { code, table } from './markdown.ts';
import { ROOT } from './root.ts';

/** The comments above the rules, by id. */
const COMMENTS = ruleComments();

interface Described {
  readonly result?: string;
  /** If absent, the comment above the rule. */
  readonly description?: string;
  /** If absent, the section that defines the member. */
  readonly specification?: string;
}

type Section = readonly (readonly [id: string, rule: Described])[];

/** Rules that belong to a step of the decision and are in no table. */
const STEPS = {
  statement: {
    'statement-present': {
      description: 'A software statement is there if the service requires one.',
      specification: RFC7591_SOFTWARE_STATEMENT,
    },
    'statement-text': { description: 'A software statement is a string.', specification: RFC7591_SOFTWARE_STATEMENT },
    'statement-keys': {
      description: 'A software statement that has keys is the only source of keys.',
      specification: RFC7591_SOFTWARE_STATEMENT,
    },
    'statement-redirect-uris': {
      description: 'Redirect URIs are among the `software_redirect_uris` of the software statement.',
      specification: RFC7591_SOFTWARE_STATEMENT,
    },
  },
  service: {
    'registration-supported': {
      description: 'The service lets clients register (`dynamicRegistrationSupported`).',
      specification: RFC7591_REGISTRATION,
    },
    'value-supported': { description: 'The service supports the value.' },
    'value-narrowed': {
      description: 'An unsupported value is dropped from a list in which another one remains (`unsupportedValues`).',
    },
  },
  update: {
    'issued-members': {
      description:
        'An update has the `client_id` of its client, and no other value than the issued one for a member that the server issues.',
      specification: RFC7592_UPDATE,
    },
  },
  check: {
    'client-secret': {
      description: 'A `client_secret` in an update is the one of the client.',
      specification: RFC7592_UPDATE,
    },
    'registration-access-token': {
      description: 'A `registration_access_token` in an update is the one of the client.',
      specification: RFC7592_UPDATE,
    },
    'software-id-unique': {
      description: 'No other client has the `software_id` (`dcrDuplicateSoftwareIdBlocked`).',
      specification: RFC7591_CLIENT_METADATA,
    },
    'sector-identifier-document': {
      description: 'The document at `sector_identifier_uri` is a JSON array with the URIs of the client.',
      specification: OIDC_SECTOR_IDENTIFIER,
    },
    'redirect-uris-present': {
      description: 'An update through the API without redirect URIs keeps the flow of a client that has none.',
      specification: RFC7591_CLIENT_METADATA,
    },
    'software-statement': {
      description: 'The software statement has a valid signature of an issuer that the service trusts.',
      specification: RFC7591_SOFTWARE_STATEMENT,
    },
  },
  ignored: {
    'member-unknown': {
      description: 'A member that nobody defines is ignored.',
      specification: RFC7591_CLIENT_METADATA,
    },
    'member-issued': {
      description: 'A member that the server issues is ignored in a registration.',
      specification: RFC7591_CLIENT_METADATA,
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Described>>>>;

const SECTIONS: Readonly<Record<string, Section>> = {
  'The text': Object.entries(JSON_RULES).map(([id, rule]) => [id, { ...rule, specification: RFC8259 }]),
  'Values of members': Object.entries<Described>(FIELD_RULES),
  URIs: Object.entries(URI_RULES).map(([key, rule]) => [uriRule(key), rule]),
  Keys: Object.entries(KEY_RULES),
  'Rules across members': [...new Map(RULES.map((rule) => [rule.id, rule]))],
  'Software statements': Object.entries(STEPS.statement),
  'What the service supports': Object.entries(STEPS.service),
  Updates: Object.entries(STEPS.update),
  'Checks outside of the decision': Object.entries(STEPS.check),
  'Members without effect': Object.entries(STEPS.ignored),
  Advice: ADVICE.map((rule) => [rule.id, rule]),
};

export function rulesPage(): string {
  const described = new Set(Object.values(SECTIONS).flatMap((section) => section.map(([id]) => id)));
  for (const id of namedInSteps()) if (!described.has(id)) missing(id);
  const sections = Object.entries(SECTIONS).map(([heading, section]) => {
    const rows = section.map(([id, { description = COMMENTS.get(id), specification }]) => [
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
  throw new Error(`Describe the rule ${id} in tools/docs/rules-page.ts, or by a comment above its id.`);
}

/** The comment above each `id` of a rule, and above each rule of a table. */
function ruleComments(): ReadonlyMap<string, string> {
  const tables = {
    'metadata/problem.ts': 'FIELD_RULES',
    'metadata/json.ts': 'JSON_RULES',
    'keys/key-rules.ts': 'KEY_RULES',
    'uris/uri-rules.ts': 'URI_RULES',
  };
  const model = fileURLToPath(new URL('libs/model/src/', ROOT));
  const comments = new Map<string, string>();
  for (const [path, table] of Object.entries(tables)) {
    for (const [name, comment] of commentsOf(`${model}${path}`, table)) {
      const key = name.replace(/'/g, '');
      comments.set(table === 'URI_RULES' ? uriRule(key) : key, comment);
    }
  }
  const files = readdirSync(`${model}rules`).filter((name) => !name.endsWith('.spec.ts'));
  for (const name of files)
    for (const [id, comment] of commentsOfIds(`${model}rules/${name}`)) comments.set(id, comment);
  return comments;
}

function uriRule(key: string): string {
  return `uri-${key.replaceAll('_', '-')}`;
}

/** Everything in the source of the decision that is written as the name of a rule. */
function namedInSteps(): string[] {
  const folder = new URL('libs/model/src/decision/', ROOT);
  const files = readdirSync(folder).filter((name) => !name.endsWith('.spec.ts'));
  return files.flatMap((name) =>
    Array.from(readFileSync(new URL(name, folder), 'utf8').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g), ([, id]) => id!),
  );
}

/** `RFC 7591, 2` of an RFC's address, the name of the document of any other. */
function labelOf(specification: string): string {
  const rfc = /rfc(\d+)\.html(?:#section-([\d.]+))?/.exec(specification);
  if (rfc) return rfc[2] === undefined ? `RFC ${rfc[1]!}` : `RFC ${rfc[1]!}, ${rfc[2]}`;
  return /([^/]+?)(?:-1_0)?\.html/.exec(specification)?.[1] ?? specification;
}
