import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROOT } from './docs/root.ts';
import { MANIFESTS } from './manifests.ts';
import { npm } from './package/npm.ts';

const [, section] = readFileSync(new URL('CONTRIBUTING.md', ROOT), 'utf8').split('\n## Dependencies\n');
const rows = Array.from(section!.matchAll(/^\| (`.*) \|$/gm), ([, row]) => row!.split(' | '));

describe('the dependencies in CONTRIBUTING.md', () => {
  it('are those of the manifests', () => {
    const manifests = [...MANIFESTS.values()];
    const declared = manifests.flatMap(({ dependencies, devDependencies, peerDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
    );
    const others = new Set(declared.filter((name) => !name.startsWith('@clientele/')));
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
