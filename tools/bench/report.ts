import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Spread } from './rounds.ts';

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url);

/** Where a benchmark was run, as far as it matters to its numbers. */
export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly processor: string;
  readonly processors: number;
}

export function thisMachine(): Machine {
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: first?.model.trim() ?? 'unknown',
    processors: cpus().length,
  };
}

export function describeMachine({ date, node, processor, processors }: Machine): string {
  return `${date}, Node ${node}, ${processors} processors (${processor})`;
}

/** Writes a report twice, for people and for programs: `docs/benchmarks/{name}.md` and `.json`. */
export function writeReport(name: string, page: string, data: unknown): void {
  writeDocument(`${name}.md`, page);
  writeDocument(`${name}.json`, `${JSON.stringify(data, undefined, 2)}\n`);
  console.log(page);
}

/** Writes a file of `docs/benchmarks`. */
export function writeDocument(name: string, text: string): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(name, FOLDER), text);
}

/** Shows a report of less than all there is to measure, which no page is to be replaced with. */
export function printReport(_name: string, page: string, _data: unknown): void {
  console.log(page);
}

/** `12.3 (11.0-14.2)` */
export function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}-${formatNumber(max)})`;
}

function formatNumber(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
