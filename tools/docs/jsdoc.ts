import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The comment above each member of an object literal or class, by member name: the sentence is written once, in the source. */
export function commentsOf(path: string, declaration: string): ReadonlyMap<string, string> {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const comments = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    for (const member of membersOf(node, declaration)) {
      const [comment] = ts.getJSDocCommentsAndTags(member).filter((part) => ts.isJSDoc(part));
      if (member.name) comments.set(member.name.getText(), ts.getTextOfJSDocComment(comment?.comment) ?? '');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (comments.size === 0) throw new Error(`${path} declares no ${declaration}.`);
  return comments;
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
