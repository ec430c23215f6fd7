import type { Profiler } from 'node:inspector';
import { hierarchy, partition, type HierarchyRectangularNode } from 'd3-hierarchy';

const WIDTH = 1_600;
const ROW = 17;
const CHARACTER = 6.6;

/** The part of all time that a frame must have to be drawn. */
const LEAST = 0.002;

/** A function as it was called by those below it. */
interface Frame {
  readonly label: string;
  /** Microseconds in the function itself. */
  self: number;
  readonly children: Map<string, Frame>;
}

/** A profile as a picture that needs nothing else: callers below, what they call above, as wide as the time that it took. */
export function flameGraph(profile: Profiler.Profile, nameOf: (url: string) => string): string {
  const root = hierarchy(framesOf(profile, nameOf), ({ children }) => [...children.values()])
    .sum(({ self }) => self)
    .sort((a, b) => b.data.label.localeCompare(a.data.label));
  const all = root.value ?? 0;
  const height = (root.height + 1) * ROW;
  const nodes = partition<Frame>()
    .size([WIDTH, height])(root)
    .descendants()
    .filter(({ value = 0 }) => value >= all * LEAST);
  const top = Math.max(...nodes.map(({ depth }) => depth)) + 1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top * ROW}" font-family="monospace" font-size="11">
${nodes.map((node) => frame(node, all, top)).join('\n')}
</svg>
`;
}

function frame(node: HierarchyRectangularNode<Frame>, all: number, top: number): string {
  const { x0, x1, depth, value = 0, data } = node;
  const width = x1 - x0;
  const y = (top - 1 - depth) * ROW;
  const title = `<title>${escaped(data.label)}: ${((100 * value) / all).toFixed(1)} %</title>`;
  const room = Math.floor((width - 4) / CHARACTER);
  const text =
    room < 3 ? '' : `<text x="${(x0 + 2).toFixed(1)}" y="${y + 12}">${escaped(data.label.slice(0, room))}</text>`;
  const fill = `hsl(${hue(data.label)} 75% 70%)`;
  return `<g>${title}<rect x="${x0.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${fill}"/>${text}</g>`;
}

/** Microseconds that were spent in each node of a profile itself. */
export function selfTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, i) => times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[i] ?? 0)));
  return times;
}

/** Samples are of one call or another of a function; those with the same callers are one frame. */
function framesOf(profile: Profiler.Profile, nameOf: (url: string) => string): Frame {
  const { nodes } = profile;
  const times = selfTimes(profile);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const root: Frame = { label: 'all', self: 0, children: new Map() };
  const add = (id: number, parent: Frame): void => {
    const node = byId.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') return;
    const { functionName, url } = node.callFrame;
    const label = [functionName === '' ? '(anonymous)' : functionName, nameOf(url)].join(' ').trim();
    const frameOfCall: Frame = parent.children.get(label) ?? { label, self: 0, children: new Map() };
    parent.children.set(label, frameOfCall);
    frameOfCall.self += times.get(id) ?? 0;
    for (const child of node.children ?? []) add(child, frameOfCall);
  };
  for (const child of nodes[0]?.children ?? []) add(child, root);
  return root;
}

/** Warm colours, the same for the same file: of ours red, of others yellow. */
function hue(label: string): number {
  let hash = 0;
  for (const character of label) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return (label.includes('apps/server') || label.includes('libs/model') ? 0 : 35) + (hash % 20);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
