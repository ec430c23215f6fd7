import { readFileSync } from 'node:fs';
import { ROOT } from '../docs/root.ts';

export const DOCKERFILE = readFileSync(new URL('Dockerfile', ROOT), 'utf8');

/** The stages of the Dockerfile: its instructions from each `FROM`, each on one line, without comments. */
export const STAGES: readonly (readonly string[])[] = DOCKERFILE.replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split(/^(?=FROM )/m)
  .slice(1)
  .map((stage) => stage.trim().split('\n'));

/** The arguments of an instruction in a stage, once for each time it is there; the last stage becomes the image. */
export function instructions(keyword: string, stage = STAGES.at(-1)!): string[] {
  return stage.filter((line) => line.startsWith(`${keyword} `)).map((line) => line.slice(keyword.length + 1).trim());
}

/** The environment of every container of the image. */
export const IMAGE_ENVIRONMENT = Object.fromEntries(
  instructions('ENV').flatMap((words) => words.split(/ +/).map((setting) => setting.split('=') as [string, string])),
);
