import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The comment above each member of an object literal or class, by member name. */
export function commentsOf(path: string, declaration: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  forEachNode(path, (node) => {
    for (const member of membersOf(node, declaration)) {
      if (member.name) comments.set(member.name.getText(), commentAbove(member));
    }
  });
  if (comments.size === 0) throw new Error(`${path} declares no ${declaration}.`);
  return comments;
}

/** The comment above each property `id` of a file, by its value. */
export function commentsOfIds(path: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  forEachNode(path, (node) => {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'id') return;
    if (ts.isStringLiteral(node.initializer)) comments.set(node.initializer.text, commentAbove(node));
  });
  return comments;
}

function forEachNode(path: string, look: (node: ts.Node) => void): void {
  const visit = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
}

function commentAbove(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter((part) => ts.isJSDoc(part));
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '').replace(/\s+/g, ' ');
}

function membersOf(node: ts.Node, declaration: string): readonly (ts.ObjectLiteralElementLike | ts.ClassElement)[] {
  if (ts.isClassDeclaration(node) && node.name?.text === declaration) return node.members;
  if (ts.isVariableDeclaration(node) && node.name.getText() === declaration && node.initializer) {
    const literal = unwrap(node.initializer);
    return ts.isObjectLiteralExpression(literal) ? literal.properties : [];
  }
  return [];
}

/** The expression inside `... as const satisfies ...`. */
function unwrap(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? unwrap(expression.expression)
    : expression;
}
