// Tests whose names are made while they run (from values, the time or chance) have no ids that could be expected. A place stands for each.
import type { TestId } from './report.ts';

const PLACE = '(name made at run time)';
const PLACES = new RegExp(` › ${PLACE.replace(/[()]/g, '\\$&')}(?: #\\d+)?$`);

/** The id that stands for the `n`th (from 1) such test of a suite (`path › suite`). */
export function placeId(suite: string, n: number): TestId {
  return `${suite} › ${PLACE}${n === 1 ? '' : ` #${n}`}`;
}

/** The suite of an id that stands for such a test; null for any other id. */
export function placeSuite(id: TestId): string | null {
  return PLACES.test(id) ? id.replace(PLACES, '') : null;
}

/** The suite of a test, as the first part of its id. */
export function suiteOf(id: TestId): string {
  return id.slice(0, Math.max(0, id.lastIndexOf(' › ')));
}
