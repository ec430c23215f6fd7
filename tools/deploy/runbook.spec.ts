import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configurationPage } from '../docs/configuration-page.ts';
import { Metrics } from '../../apps/server/src/observability/metrics.ts';
import { resultCodesPage } from '../docs/result-codes-page.ts';
import { ROOT } from '../docs/root.ts';

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const runbook = read('docs/runbook.md');
const alerts = read('deploy/prometheus/alerts.yaml');
const dashboard = read('deploy/grafana/clientele.json');

const registered = new Metrics();
registered.observeProcess();
const metrics = registered.registry.getMetricsAsArray() as unknown as readonly { name: string; type: string }[];

/** The name of every series that the server has. */
const series = new Set(
  metrics.flatMap(({ name, type }) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);

const matchesIn = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([match]) => match);

/** The anchors of the runbook's sections. */
const sections = matchesIn(runbook, /(?<=^## ).+/gm).map((heading) =>
  heading.toLowerCase().replaceAll(':', '').replaceAll(' ', '-'),
);

describe('docs/runbook.md, the alerts and the dashboard', () => {
  it.each([
    ['docs/runbook.md', runbook],
    ['deploy/prometheus/alerts.yaml', alerts],
    ['deploy/grafana/clientele.json', dashboard],
  ])('%s names only metrics that the server has', (_path, text) => {
    const named = matchesIn(text, /\b(clientele|nodejs|process)_[a-z_0-9]+/g);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !series.has(name))).toEqual([]);
  });

  it('the runbook names only result codes that exist', () => {
    const known = resultCodesPage();
    const named = matchesIn(runbook, /\bA\d{6}\b/g);

    expect(named).not.toEqual([]);
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
  });

  it('the runbook names only commands that docs/operations.md lists', () => {
    const listed = matchesIn(read('docs/operations.md'), /^\| `[\w -]+`/gm).map((cell) => cell.slice(3, -1));
    const [, table = ''] = /\n(\| command [^]*?)\n\n/.exec(read('docs/operations.md')) ?? [];
    const names = new Set([...listed, ...matchesIn(table, /(?<=`clientele )[a-z]+(?: [a-z-]+)?/g)]);
    const named = matchesIn(runbook, /(?<=(?:`|^)clientele )[a-z-]+(?: [a-z-]+)?/gm);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('the runbook names only settings that exist', () => {
    const known = configurationPage();
    const named = matchesIn(runbook, /(?<=`)[A-Z]+(?:_[A-Z]+)+(?=`)/g);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !known.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it('every alert says what happened, and leads to a section of the runbook', () => {
    const { groups } = parse(alerts) as {
      readonly groups: readonly { readonly rules: readonly { readonly annotations: Record<string, string> }[] }[];
    };
    const annotations = groups.flatMap(({ rules }) => rules.map((rule) => rule.annotations));
    expect(annotations).not.toEqual([]);
    for (const { summary, runbook: link = '' } of annotations) {
      expect(summary).toMatch(/\.$/);
      expect(sections.map((section) => `docs/runbook.md#${section}`)).toContain(link);
    }
  });

  it('the dashboard displays every metric of Clientele, and refers to sections of the runbook', () => {
    const names = metrics.map(({ name }) => name).filter((name) => name.startsWith('clientele_'));
    const links = matchesIn(dashboard, /(?<=docs\/runbook\.md#)[a-z0-9-]+/g);

    expect(names.filter((name) => !dashboard.includes(name))).toEqual([]);
    expect(links).not.toEqual([]);
    expect(links.filter((link) => !sections.includes(link))).toEqual([]);
  });
});
