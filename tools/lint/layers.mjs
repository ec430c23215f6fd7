import { dirname, relative, resolve, sep } from 'node:path';

/**
 * An ESLint rule: a file may import only from its own folder and from folders below it. Each option is a list of folders
 * below `root`, from top to bottom; `.` is `root` itself. It applies to the files and imports inside `root`.
 */
export const layers = {
  meta: {
    type: 'problem',
    schema: {
      type: 'array',
      items: { type: 'object', properties: { root: { type: 'string' }, order: { type: 'array' } } },
    },
    messages: {
      upward: '{{from}} must not import from {{to}}, which is above it in the table of layers (eslint.config.mjs).',
      unknown: '{{folder}} is not in the table of layers (eslint.config.mjs).',
    },
  },
  create(context) {
    const check = (node) => {
      if (typeof node?.value !== 'string' || !node.value.startsWith('.')) return;
      const imported = resolve(dirname(context.filename), node.value);
      for (const { root, order } of context.options) {
        const [from, to] = [context.filename, imported].map((path) => folderOf(relative(root, path)));
        if (from === '..' || to === '..') continue;
        const unknown = [from, to].find((folder) => !order.includes(folder));
        if (unknown !== undefined) context.report({ node, messageId: 'unknown', data: { folder: unknown } });
        else if (order.indexOf(to) < order.indexOf(from))
          context.report({ node, messageId: 'upward', data: { from, to } });
      }
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};

function folderOf(path) {
  return path.includes(sep) ? path.split(sep)[0] : '.';
}
