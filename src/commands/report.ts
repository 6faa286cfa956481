import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';
import type { RunSummary } from '../effects/runs.ts';
import { reportAssets, version } from '../root.ts';
import { createCleanser } from '../surfaces/report/cleanse.ts';
import type { Assets } from '../surfaces/report/material.ts';
import { GENERATOR, reportPage } from '../surfaces/report/page.ts';
import type { Context, Flags } from './context.ts';
import { runNamed, runsHere } from './find-runs.ts';
import { openFile } from './open-file.ts';
import { writeReport } from './report-file.ts';
import { gather } from './report-material.ts';

/** `redgreen report [RUN]`: one HTML file that shows a run; the newest one of this repository when none is named. */
export async function report(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const run = await chosen(context, args[0], flags);
  const file = resolve(context.cwd, typeof flags['out'] === 'string' ? flags['out'] : `redgreen-report-${run.id}.html`);
  const cleanser = createCleanser(context.env['HOME'] ?? homedir());
  const material = await gather(run, { now: context.now(), version: version(), env: context.env, clean: cleanser.clean });
  const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('base64');
  writeReport(file, reportPage(material, { assets: assets(), sha256, cleanser }), GENERATOR);
  const near = relative(context.cwd, file);
  context.stdout.write(`${oneLine(near.startsWith('..') ? file : near, 4000)}\n`);
  if (flags['open'] === true) {
    const problem = await openFile(file, context.env);
    if (problem !== null) context.stderr.write(`redgreen: ${problem}; open ${oneLine(file, 4000)} yourself.\n`);
  }
  return 0;
}

async function chosen(context: Context, name: string | undefined, flags: Flags): Promise<RunSummary> {
  if (name !== undefined) return runNamed(context, flags, name);
  const run = (await runsHere(context, flags)).find((one) => one.problem === null);
  if (run === undefined) throw new RedgreenError('usage', 'There is no run here to report on; redgreen runs --all lists those elsewhere.');
  return run;
}

function assets(): Assets {
  const { own, uplot } = reportAssets();
  const read = (path: string) => readFileSync(path, 'utf8');
  return {
    css: read(join(own, 'report.css')),
    script: read(join(own, 'report.js')),
    uplotCss: read(join(uplot, 'dist/uPlot.min.css')),
    uplotScript: read(join(uplot, 'dist/uPlot.iife.min.js')),
    uplotLicence: read(join(uplot, 'LICENSE')),
  };
}
