// The whole page: one file, with a policy that lets nothing in or out.
import { escapeControls } from '../jsonl.ts';
import { about, log } from './about.ts';
import { changes } from './changes.ts';
import type { Cleanser } from './cleanse.ts';
import { cost, costData } from './cost.ts';
import { failures } from './failures.ts';
import { header, outcomeOf } from './head.ts';
import { type Html, h, raw } from './html.ts';
import type { Assets, Material } from './material.ts';
import { plan } from './plan.ts';
import { proof } from './proof.ts';
import { talk } from './talk.ts';
import { tests, testsData } from './tests.ts';
import { timeline } from './timeline.ts';

/** Stands at the top of every report: what has it may be overwritten. */
export const GENERATOR = '<meta name="generator" content="redgreen report">';

export interface PageOptions {
  readonly assets: Assets;
  /** The sha256 of a text, in base64. */
  readonly sha256: (text: string) => string;
  /** What the texts were cleaned with that were cut before; it cleans everything else, too. */
  readonly cleanser: Cleanser;
}

/** A run as one HTML page. Everything foreign in it is cleaned of secrets, made visible and escaped. */
export function reportPage(material: Material, { assets, sha256, cleanser }: PageOptions): string {
  const m = cleanser.clean(material);
  const style = `${assets.uplotCss}\n${assets.css}`;
  const script = `${assets.uplotScript}\n${assets.script}`;
  const parts: readonly (readonly [id: string, name: string, content: Html])[] = [
    ['timeline', 'Timeline', timeline(m)],
    ['tests', 'Tests', tests(m)],
    ['failures', 'Failures', failures(m)],
    ['changes', 'Changes', changes(m)],
    ['plan', m.state.change === null ? 'Plan' : 'Repository', plan(m)],
    ['cost', 'Cost', cost(m)],
    ['talk', 'Said', talk(m)],
    ['proof', 'Proof', proof(m)],
    ['log', 'Log', log(m)],
    ['about', 'About', about(m, cleanser.found())],
  ];
  const there = parts.filter(([, , content]) => content.html !== '');
  return h`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${raw(GENERATOR)}
<meta http-equiv="Content-Security-Policy" content="${raw(policy(sha256(style), sha256(script)))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${outcomeOf(m).kind}: ${m.state.run?.title ?? 'a run of redgreen'}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#timeline">To the content</a>
${header(m)}
<nav aria-label="Parts of this page"><ul>${there.map(([id, name]) => h`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${there.map(([, , content]) => content)}
</main>
<div id="tip" role="tooltip" hidden></div>
<script type="application/json" id="data">${raw(jsonFor({ tests: testsData(m), cost: costData(m) }))}</script>
<!-- uPlot:
${raw(assets.uplotLicence.replaceAll('--', '- -'))}
-->
<script>${raw(script)}</script>
</body>
</html>
`.html;
}

/** Nothing is loaded or sent; our one style sheet and our one script, by their hashes. */
function policy(style: string, script: string): string {
  return `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${script}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** JSON that cannot end the element it stands in, with nothing invisible in it. Still the same value. */
function jsonFor(value: unknown): string {
  return escapeControls(JSON.stringify(value)).replaceAll('<', '\\u003c');
}
