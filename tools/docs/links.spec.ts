import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './root.ts';

const FOLDERS = [
  '',
  'docs',
  'docs/adr',
  'docs/guides',
  'apps/server',
  'libs/client',
  'libs/model',
  'libs/oidc-provider',
];

const PAGES = FOLDERS.flatMap((folder) => {
  const path = join(fileURLToPath(ROOT), folder);
  const names = readdirSync(path).filter((name) => name.endsWith('.md'));
  return names.map((name) => [join(folder, name), join(path, name)] as const);
});

/** The text of a page without blocks of code. */
const textOf = (path: string): string => readFileSync(path, 'utf8').replace(/```[^]*?```/g, '');

/** The anchor that readers of Markdown give a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

function isBroken(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : resolve(dirname(from), path);
  if (!existsSync(target)) return true;
  if (anchor === undefined || !target.endsWith('.md')) return false;
  return !Array.from(textOf(target).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => anchorOf(heading)).includes(anchor);
}

it.each(PAGES)('every link of %s leads to a file or heading of the repository', (_name, path) => {
  const links = Array.from(textOf(path).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);

  expect(links.filter((link) => !/^\w+:/.test(link) && isBroken(path, link))).toEqual([]);
});

it('docs/README.md lists every page below docs but the decision records', () => {
  const contents = textOf(fileURLToPath(new URL('docs/README.md', ROOT)));
  const pages = PAGES.filter(([name]) => /^docs\/(?!adr\/|README)/.test(name)).map(([name]) =>
    name.slice('docs/'.length),
  );

  expect(pages).not.toEqual([]);
  expect(pages.filter((page) => !contents.includes(`](${page}`))).toEqual([]);
});
