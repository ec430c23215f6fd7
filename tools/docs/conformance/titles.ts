import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { FIELD_RULES } from '../../../libs/model/src/metadata/problem.ts';
import { RULES } from '../../../libs/model/src/rules/index.ts';
import { sectionAt } from './sections.ts';

const GROUP = 'describe';
const TESTS = new Set([GROUP, 'it', 'test']);

const parsed = new Map<string, ts.SourceFile>();

/** Parses each file once, because many rules name the same file. */
function parse(path: string): ts.SourceFile {
  const source =
    parsed.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(path, source);
  return source;
}

/**
 * The full titles of all tests and groups of a file. Each begins with the titles of the groups around it:
 * `group > group > title`. Placeholders such as `%s` stay as written.
 */
export function titlesIn(path: string): readonly string[] {
  const source = parse(path);
  const titles: string[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : undefined;
    if (title === undefined) {
      ts.forEachChild(node, (child) => {
        visit(child, groups);
      });
      return;
    }
    const path = [...groups, title];
    titles.push(path.join(' > '));
    ts.forEachChild(node, (child) => {
      visit(child, path);
    });
  };
  visit(source, []);
  return titles;
}

/** The title of `it('...')`, `describe.each(...)('...')` and similar calls, and of the suite of a rule. */
function titleOf({ expression, arguments: [title, demand] }: ts.CallExpression): string | undefined {
  if (isSuiteOfRule(expression) && title && demand && ts.isStringLiteralLike(title) && ts.isStringLiteralLike(demand)) {
    return `${title.text}: ${demand.text} (${sectionOfRule(title.text)})`;
  }
  if (title === undefined || !isTest(expression)) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.getText().slice(1, -1) : undefined;
}

/** `rule('id', 'demand', examples)`, from libs/model/test/rule.ts. */
function isSuiteOfRule(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'rule';
}

function sectionOfRule(id: string): string {
  const fields: Readonly<Record<string, { readonly result: string; readonly specification?: string } | undefined>> =
    FIELD_RULES;
  const specification = fields[id]?.specification ?? RULES.find((one) => one.id === id)?.specification;
  if (specification === undefined) throw new Error(`There is no rule ${id}.`);
  return sectionAt(specification);
}

function isTest(expression: ts.Expression): boolean {
  if (ts.isIdentifier(expression)) return TESTS.has(expression.text);
  if (ts.isPropertyAccessExpression(expression)) return isTest(expression.expression);
  return ts.isCallExpression(expression) && isTest(expression.expression);
}

/** The names that a file exports. */
export function exportsOf(path: string): ReadonlySet<string> {
  const source = parse(path);
  return new Set(source.statements.filter(isExported).flatMap(namesOf));
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.FunctionDeclaration | ts.ClassDeclaration;
  return name === undefined ? [] : [name.text];
}
