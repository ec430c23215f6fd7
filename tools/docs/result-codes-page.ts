import { OWN_RESULT_CODES, RESULT_CODES, type ResultCode } from '@clientele/model/metadata';
import { code, table } from './markdown.ts';

export function resultCodesPage(): string {
  const rows = (Object.keys(RESULT_CODES) as ResultCode[])
    .sort()
    .map((resultCode) => [
      code(resultCode),
      RESULT_CODES[resultCode].replace(/\{(\w+)\}/g, '_$1_'),
      OWN_RESULT_CODES.has(resultCode) ? 'Clientele' : 'Authlete',
    ]);
  return `# Result codes

Every answer carries a \`resultCode\`, and a \`resultMessage\` that begins with it. The codes are Authlete's where Authlete
documents one; the others were chosen from the same families. The third digit from the right tells what kind a code is:
0 success, 1 a failure of the server, 2 a mistake of the API's caller, 3 a mistake of the client application.

${table(['code', 'text', 'chosen by'], rows)}
`;
}
