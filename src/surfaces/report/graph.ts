// The plan as a graph: who uses whom, laid out when the page is made.
import { Graph, layout } from '@dagrejs/dagre';
import type { Plan } from '../../core/plan.ts';
import { columns, cut } from '../../core/sanitise.ts';
import { type Html, h } from './html.ts';

/** Nodes beyond which a picture helps nobody. */
const MOST = 120;
const LETTER = 7.3;
const HEIGHT = 30;
const WIDEST = 38;
const MARGIN = 4;

interface Node {
  readonly id: string;
  readonly kind: 'code' | 'tests' | 'package';
  readonly label: string;
  readonly title: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** What is used of dagre's graph, whose own types do not resolve under Node's rules. */
interface Layered {
  setGraph(label: Readonly<Record<string, string | number>>): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, size: Pick<Box, 'width' | 'height'>): void;
  setEdge(from: string, to: string): void;
  hasNode(id: string): boolean;
  node(id: string): Box;
  edges(): readonly { readonly v: string; readonly w: string }[];
  edge(edge: object): { readonly points?: readonly Point[] };
}

/** The graph as inline SVG; null when there is nothing to draw, or too much. `toneOf` colours a path: `good`, `bad`, `warn` or empty. */
export function graph(plan: Plan, toneOf: (path: string) => string): Html | null {
  const nodes = nodesOf(plan);
  if (nodes.length === 0 || nodes.length > MOST) return null;
  const g: Layered = new Graph();
  g.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 54, marginx: 4, marginy: 4 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) g.setNode(node.id, { width: Math.ceil(columns(node.label) * LETTER + 26), height: HEIGHT });
  for (const { path, uses } of [...plan.tests, ...plan.files])
    for (const used of uses) if (used !== path && g.hasNode(used)) g.setEdge(path, used);
  layout(g);
  const lines = g.edges().map((edge) => lineOf(g.edge(edge).points ?? [], g.node(edge.v), g.node(edge.w)));
  const boxes = nodes.map((node) => g.node(node.id));
  const right = Math.max(...boxes.map((b) => b.x + b.width / 2), ...lines.flat().map((p) => p.x)) + MARGIN;
  const top = Math.min(...boxes.map((b) => b.y - b.height / 2), ...lines.flat().map((p) => p.y)) - MARGIN;
  const bottom = Math.max(...boxes.map((b) => b.y + b.height / 2), ...lines.flat().map((p) => p.y)) + MARGIN;
  const size = { width: Math.ceil(right), height: Math.ceil(bottom - top) };
  return h`<div class="scroll graph" tabindex="0"><svg viewBox="0 ${Math.floor(top)} ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="Graph of the plan: tests and files with arrows to what they use; the same is in the table below">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${lines.map(edgeHtml)}
${nodes.map((node) => nodeHtml(node, g.node(node.id), toneOf(node.id)))}
</svg></div>`;
}

/** The layout's points, from the middle of the user's right side to the middle of the left side of what is used. */
function lineOf(points: readonly Point[], from: Box, to: Box): readonly Point[] {
  return [{ x: from.x + from.width / 2, y: from.y }, ...points.slice(1, -1), { x: to.x - to.width / 2, y: to.y }];
}

function nodesOf({ tests, files, packages }: Plan): readonly Node[] {
  const short = (text: string) => cut(text, WIDEST);
  return [
    ...tests.map((t) => ({ id: t.path, kind: 'tests' as const, label: short(t.path), title: `${t.path}: ${t.checks.join(' ')}` })),
    ...files.map((f) => ({ id: f.path, kind: 'code' as const, label: short(f.path), title: `${f.path}: ${f.purpose}` })),
    ...packages.map((p) => ({ id: p.name, kind: 'package' as const, label: short(p.name), title: `package ${p.name} ${p.range}` })),
  ].filter((node, i, all) => all.findIndex((other) => other.id === node.id) === i);
}

function nodeHtml({ kind, label, title }: Node, { x, y, width, height }: Box, tone: string): Html {
  const [left, top] = [round(x - width / 2), round(y - height / 2)];
  return h`<g class="node ${kind} ${tone}"><title>${title}</title><rect class="box" x="${left}" y="${top}" width="${width}" height="${height}" rx="5"/><rect class="edge" x="${left}" y="${top}" width="5" height="${height}" rx="2"/><text x="${round(left + 15)}" y="${round(y + 4)}">${label}</text></g>
`;
}

/** A soft line through the points: it leaves and meets each of them level. */
function edgeHtml(points: readonly Point[]): Html {
  const line = points.map(({ x, y }, i) => {
    const last = points[i - 1];
    if (!last) return `M${round(x)} ${round(y)}`;
    const middle = round((last.x + x) / 2);
    return `C${middle} ${round(last.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
  });
  return h`<path class="use" d="${line.join('')}" marker-end="url(#arrow)"/>\n`;
}

const round = (n: number) => Math.round(n * 10) / 10;
