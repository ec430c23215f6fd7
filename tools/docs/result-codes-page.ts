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

Every response carries a \`resultCode\`, and a \`resultMessage\` that begins with it. The codes are Authlete's where Authlete
documents one; the others were chosen from the same families. The third digit from the right tells the kind of a code:
0 success, 1 a failure of the server, 2 a mistake of the API's caller, 3 a mistake of the client application.

A message about client metadata names the member with its position, the value at fault and what is expected:
\`[A031219] redirect_uris[2]: "http://app.example/cb" uses http; ...\`. The table says what the code means.

${table(['code', 'text', 'chosen by'], rows)}
`;
}
