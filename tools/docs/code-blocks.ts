import { readFileSync } from 'node:fs';
import { ROOT } from './root.ts';

/** The code blocks of a page in one language, ready to paste. */
export function codeBlocks(page: string, language: string): string[] {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, block]) => block!);
}
