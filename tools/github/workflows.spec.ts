import { readdirSync, readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parse } from 'yaml';
import { ROOT } from '../docs/root.ts';
import { MANIFESTS } from '../manifests.ts';

const FOLDER = new URL('.github/workflows/', ROOT);

interface Job {
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
}

interface Workflow {
  readonly permissions: object;
  readonly concurrency: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = readdirSync(FOLDER).map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')] as const);
const jobsOf = (text: string): readonly Job[] => Object.values((parse(text) as Workflow).jobs);

async function faultsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each(texts)('the workflow %s', (file, text) => {
  it('is what GitHub Actions accepts', async () => {
    expect(await faultsOf(file, text)).toEqual([]);
  });

  it('may only read, except for jobs that say what they write', () => {
    const { permissions } = parse(text) as Workflow;
    expect(permissions).toEqual({ contents: 'read' });
    for (const { permissions: own } of jobsOf(text)) expect(Object.keys(own ?? {}).length).toBeLessThanOrEqual(1);
  });

  it('has a limit of time for each job, and says whether runs may overlap', () => {
    const own = jobsOf(text).filter(({ uses }) => uses === undefined);
    expect(own.filter((job) => !(job['timeout-minutes']! <= 90))).toEqual([]);
    expect(parse(text)).toHaveProperty('concurrency.cancel-in-progress');
  });

  it('names actions by the hash of a commit, with the version beside it', () => {
    const actions = Array.from(text.matchAll(/uses: ([^.\s].*)$/gm), ([, action = '']) => action);
    expect(actions).not.toEqual([]);
    expect(actions.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });
});

it.each([
  ['needs: another', 'run: echo', /no dependencies/],
  ['timeout-minutes: 5', 'run: echo ${{ secret.token }}', /secret/],
  ['timeout: 5', 'run: echo', /timeout/],
])('a workflow with "%s" and "%s" is refused', async (member, step, fault) => {
  const text = `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    ${member}\n    steps:\n      - ${step}\n`;
  expect(await faultsOf('wrong.yaml', text)).toEqual([expect.stringMatching(fault)]);
});

it('the tests run on the oldest supported version of Node.js, and on later ones', () => {
  const [oldest] = /\d+/.exec(MANIFESTS.get('package.json')!.engines.node) ?? [];
  const tested = texts.flatMap(([, text]) => jobsOf(text).flatMap(({ strategy }) => strategy?.matrix.node ?? []));
  expect(Math.min(...tested)).toBe(Number(oldest));
  expect(tested.length).toBeGreaterThan(1);
});

it('the release publishes every package that is not private', () => {
  const [, names = ''] = /for name in (.*); do/.exec(texts.find(([file]) => file === 'release.yaml')![1]) ?? [];
  const [workspace, ...projects] = [...MANIFESTS.values()];
  const published = projects.filter((manifest) => manifest.private !== true).map(({ name }) => name);

  expect(workspace!.private).toBe(true);
  expect(
    names
      .split(' ')
      .map((name) => `@clientele/${name}`)
      .sort(),
  ).toEqual(published.sort());
});
