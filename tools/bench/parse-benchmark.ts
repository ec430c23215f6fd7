import { LIMITS } from '@clientele/model/metadata';
import { table } from '../docs/markdown.ts';
import { ORDINARY_DOCUMENT, SHAPES } from './documents.ts';
import { describeMachine, formatSpread, thisMachine, type Machine } from './report.ts';
import { measureRounds, ratio, spread, type Effort, type Spread } from './rounds.ts';

/** Reads and checks the text of a document; throws where it breaks a rule. */
export type ReadDocument = (json: string) => unknown;

/** One document, read and checked. */
export interface ParseResult {
  readonly shape: string;
  readonly characters: number;
  /** Microseconds. */
  readonly read: Spread;
  /** Microseconds of `JSON.parse` alone. */
  readonly parse: Spread;
  readonly ratio: Spread;
  /** Nanoseconds of a character, by the median. */
  readonly perCharacter: number;
}

export interface ParseReport {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly ordinary: ParseResult;
  readonly growth: readonly ParseResult[];
}

/** Characters of the growing documents: up to the greatest that is read. */
export const SIZES: readonly number[] = [2_500, 10_000, 40_000, LIMITS.json];

export async function runParseBenchmark(
  read: ReadDocument,
  effort: Effort,
  sizes: readonly number[] = SIZES,
): Promise<ParseReport> {
  const ordinary = await measure('ordinary', ORDINARY_DOCUMENT, read, effort);
  const growth: ParseResult[] = [];
  for (const [shape, document] of Object.entries(SHAPES)) {
    for (const size of sizes) growth.push(await measure(shape, document(size), read, effort));
  }
  return { machine: thisMachine(), effort, ordinary, growth };
}

async function measure(shape: string, json: string, read: ReadDocument, effort: Effort): Promise<ParseResult> {
  const times = await measureRounds({ read: () => read(json), parse: () => JSON.parse(json) as unknown }, effort);
  const whole = spread(times.read);
  return {
    shape,
    characters: json.length,
    read: whole,
    parse: spread(times.parse),
    ratio: ratio(times.read, times.parse),
    perCharacter: (whole.median * 1000) / json.length,
  };
}

export function parsePage({ machine, effort, ordinary, growth }: ParseReport): string {
  return `# What it costs to read client metadata

\`npm run bench:parse\` on ${describeMachine(machine)}.

The text of a document is read and checked as every registration and update has it read and checked: JSON without duplicate
members, every member by its row, defaults, the rules across members, what the service supports. Beside it, the same text goes
through \`JSON.parse\` alone. Both take turns of ${effort.turn} ms, ${effort.rounds} rounds of them; ratios are of turns in the same
round. Times are processor time. Medians, and in brackets the smallest and the greatest.

## An ordinary document

${Object.keys(JSON.parse(ORDINARY_DOCUMENT) as object).length} members in ${ordinary.characters.toLocaleString('en')} characters, URIs and rules across members among them. The bound is 5 times \`JSON.parse\`.

${table(
  ['read and checked', 'JSON.parse', 'ratio'],
  [[`${formatSpread(ordinary.read)} us`, `${formatSpread(ordinary.parse)} us`, formatSpread(ordinary.ratio)]],
)}

## Growth

What a document costs grows as its length does, whatever it is made of, up to the ${LIMITS.json.toLocaleString('en')} characters that are
read: the ratio is no greater for the greatest document than for the smallest. Where it falls, a limit on the number of elements
(docs/limits.md) makes larger documents of longer strings.

${table(
  ['made of', 'characters', 'read and checked, us', 'JSON.parse, us', 'ratio', 'ns a character'],
  growth.map(({ shape, characters, read, parse, ratio, perCharacter }) => [
    shape,
    characters.toLocaleString('en'),
    formatSpread(read),
    formatSpread(parse),
    formatSpread(ratio),
    perCharacter.toFixed(1),
  ]),
)}
`;
}
