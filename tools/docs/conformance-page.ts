import { exportsOf } from './conformance/titles.ts';
import { RULES } from './conformance/rules.ts';
import type { ConformanceRule } from './conformance/rule.ts';
import { findTest } from './find-test.ts';
import { code, table } from './markdown.ts';
import { ROOT, sourceFile } from './root.ts';

export function conformancePage(rules: readonly ConformanceRule[] = RULES): string {
  const kept = rules.filter(({ tests }) => tests !== undefined).length;
  return `# Conformance

Find the code and tests for each demand of RFC 7591, RFC 7592 and OpenID Connect Dynamic Client Registration 1.0 (with errata set 2)
on a server, in our words. Tests prove ${kept} of ${rules.length} demands. The remark explains the others: another component's
duty, or an unused choice. Generation fails if a name or title no longer exists.

${table(['no', 'level', 'demand', 'section', 'code', 'tests', 'remark'], rules.map(row))}
`;
}

function row(rule: ConformanceRule, i: number): readonly string[] {
  const number = i + 1;
  try {
    return [
      String(number),
      rule.level === 'none' ? '' : rule.level,
      rule.demand,
      rule.sections.join(', '),
      (rule.code ?? []).map(codeLink).join('<br>'),
      testsOf(rule).join('<br>'),
      remarkOf(rule),
    ];
  } catch (error) {
    throw new Error(`Rule ${number} (${rule.demand})`, { cause: error });
  }
}

/** A link to an exported name; throws if the name does not exist. */
function codeLink(reference: string): string {
  const [path = '', name = ''] = reference.split('#');
  const file = sourceFile(path);
  if (!exportsOf(new URL(file, ROOT).pathname).has(name)) throw new Error(`${file} does not export ${name}.`);
  return `[${code(name)}](../${file})`;
}

/** Links to tests; throws if a test does not exist, or no title names a section of the rule. */
function testsOf({ tests = [], sections }: ConformanceRule): readonly string[] {
  const found = tests.map(findTest);
  if (found.length > 0 && !found.some(({ title }) => sections.some((section) => names(title, section)))) {
    throw new Error(`No title of its tests names ${sections.join(' or ')}.`);
  }
  return found.map(({ file, title }) => `[${file.split('/').at(-1) ?? file}](../${file}): ${title}`);
}

/** True if a title contains the specification and the number of a section. */
function names(title: string, section: string): boolean {
  const [, document = '', number = ''] = /^(.*) (?:section|appendix) (\S+)$/.exec(section) ?? [];
  return (
    title.includes(document) && new RegExp(`(?<![\\d.])${number.replaceAll('.', '\\.')}(?![\\d]|\\.\\d)`).test(title)
  );
}

function remarkOf({ code, tests, remark = '' }: ConformanceRule): string {
  if (tests === undefined && remark === '') throw new Error('It has neither tests nor a reason.');
  if (tests !== undefined && code === undefined) throw new Error('It has tests, but names no code.');
  return remark;
}
