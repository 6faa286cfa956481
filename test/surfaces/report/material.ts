// A run's material for the page, from events and from texts that a test gives.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Body } from '../../../src/core/events.ts';
import { initialState } from '../../../src/core/reduce.ts';
import { createCleanser } from '../../../src/surfaces/report/cleanse.ts';
import type { Assets, Material } from '../../../src/surfaces/report/material.ts';
import { reportPage } from '../../../src/surfaces/report/page.ts';
import { createTeller } from '../../../src/surfaces/report/story.ts';
import { play } from '../events.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

export const assets: Assets = {
  css: read('src/surfaces/report/assets/report.css'),
  script: read('src/surfaces/report/assets/report.js'),
  uplotCss: read('node_modules/uplot/dist/uPlot.min.css'),
  uplotScript: read('node_modules/uplot/dist/uPlot.iife.min.js'),
  uplotLicence: read('node_modules/uplot/LICENSE'),
};

export const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');

/** The material of a run with these events, a second apart. */
export function materialOf(bodies: readonly Body[], more: Partial<Material> = {}): Material {
  const teller = createTeller();
  let state = initialState;
  let now = 0;
  for (const step of play(bodies)) {
    state = step.state;
    now = step.event.at;
    teller.event(step.event, state);
  }
  const running = more.running ?? false;
  return {
    story: teller.done(now, running),
    state,
    running,
    now,
    version: '0.1.0',
    task: state.run?.title ?? '',
    survey: null,
    author: [],
    rounds: [],
    troubles: [],
    files: [],
    disputes: [],
    statement: null,
    left: [],
    ...more,
  };
}

export function pageOf(material: Material, home: string | null = null): string {
  return reportPage(material, { assets, sha256, cleanser: createCleanser(home) });
}
