import { fileURLToPath } from 'node:url';
import { RESULTS } from '@clientele/model/metadata';
import { commentsOf } from './jsdoc.ts';
import { code, table } from './markdown.ts';
import { ROOT } from './root.ts';

export function resultCodesPage(): string {
  const path = fileURLToPath(new URL('libs/model/src/wire/result-codes.ts', ROOT));
  const comments = commentsOf(path, 'FINDING_RESULTS');
  const rows = Object.entries(RESULTS)
    .sort(([, one], [, other]) => (one.code < other.code ? -1 : 1))
    .map(([name, result]) => [
      code(result.code),
      ('text' in result ? result.text : comments.get(name)!).replace(/\{(\w+)\}/g, '_$1_'),
      'own' in result ? 'Clientele' : 'Authlete',
    ]);
  return `# Result codes

Look up the \`resultCode\` of a response here. \`resultMessage\` begins with it. If Authlete documents no code, Clientele uses its own
from the same families. The third digit from the right is the kind: 0 success, 1 server failure, 2 error of the API caller, 3 error
of the client application.

A message about client metadata names the member with its position, the wrong value and the expected one:
\`[A031219] redirect_uris[2]: "http://app.example/cb" uses http; ...\`.

${table(['code', 'text', 'chosen by'], rows)}
`;
}
