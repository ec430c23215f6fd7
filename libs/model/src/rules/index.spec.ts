import { readdirSync, readFileSync } from 'node:fs';
import { FIELDS } from '../metadata/client-metadata.ts';
import { RULES } from './index.ts';

const SPECS = new URL('.', import.meta.url);
const TESTS = readdirSync(SPECS)
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => readFileSync(new URL(name, SPECS), 'utf8'))
  .join('\n');
const NAMES = new Set(FIELDS.map(([name]) => name));

describe.each(RULES.map((rule) => [rule.id, rule] as const))('the rule %s', (id, { specification, reads }) => {
  it('points at the section that demands it', () => {
    expect(specification).toMatch(/^https:\/\/\S+$/);
  });

  it('reads members that have rows', () => {
    expect(reads.filter((member) => !NAMES.has(member))).toEqual([]);
  });

  it('has a suite of examples', () => {
    expect(TESTS).toContain(`rule('${id}', `);
  });
});
