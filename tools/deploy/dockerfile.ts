import { readFileSync } from 'node:fs';
import { ROOT } from '../docs/root.ts';

export const DOCKERFILE = readFileSync(new URL('Dockerfile', ROOT), 'utf8');

export interface Instruction {
  readonly keyword: string;
  readonly words: string;
}

/** The stages of the Dockerfile, each from its `FROM`; lines that go on are one, comments are left out. */
export function stages(): readonly (readonly Instruction[])[] {
  const lines = DOCKERFILE.replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const all: Instruction[][] = [];
  for (const line of lines) {
    const [, keyword, words] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
    if (keyword === undefined || words === undefined) continue;
    if (keyword === 'FROM') all.push([]);
    all.at(-1)?.push({ keyword, words });
  }
  return all;
}

/** What the image is: the instructions of its last stage. */
export const IMAGE = stages().at(-1)!;

/** What follows a keyword in the image, for each time that it is there. */
export function inImage(keyword: string): string[] {
  return IMAGE.filter((instruction) => instruction.keyword === keyword).map(({ words }) => words);
}

/** The environment that every container of the image has. */
export const IMAGE_ENVIRONMENT = Object.fromEntries(
  inImage('ENV').flatMap((words) => words.split(/ +/).map((setting) => setting.split('=') as [string, string])),
);
