import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROOT } from './docs/root.ts';
import { MANIFESTS } from './manifests.ts';
import { npm } from './package/npm.ts';

const [, section] = readFileSync(new URL('CONTRIBUTING.md', ROOT), 'utf8').split('\n## Dependencies\n');
const rows = Array.from(section!.matchAll(/^\| (`.*) \|$/gm), ([, row]) => row!.split(' | '));

const declared = [...MANIFESTS.values()].flatMap(({ dependencies, devDependencies, peerDependencies }) =>
  Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
);
const others = new Set(declared.filter((name) => !name.startsWith('@clientele/')));

describe('the dependencies in CONTRIBUTING.md', () => {
  it('are those of the manifests', () => {
    const listed = rows.flatMap(([names]) => Array.from(names!.matchAll(/`([^`]+)`/g), ([, name]) => name!));

    expect(listed.sort()).toEqual([...others].sort());
  });

  it('each have a use, an upkeep and an alternative', () => {
    expect(rows.filter((row) => row.length !== 4 || row.some((cell) => cell.trim() === ''))).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('has only packages that support this version of Node.js', () => {
    expect(npm(fileURLToPath(ROOT), 'ci', '--dry-run', '--engine-strict', '--offline')).not.toContain('EBADENGINE');
  });
});

describe('renovate.json', () => {
  it('groups only packages that the manifests have', () => {
    const { packageRules } = JSON.parse(readFileSync(new URL('renovate.json', ROOT), 'utf8')) as {
      readonly packageRules: readonly { readonly matchPackageNames?: readonly string[] }[];
    };
    const named = packageRules.flatMap(({ matchPackageNames }) => matchPackageNames ?? []);
    const isUsed = (name: string) =>
      name.endsWith('/*') ? [...others].some((other) => other.startsWith(name.slice(0, -1))) : others.has(name);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !isUsed(name))).toEqual([]);
  });
});
