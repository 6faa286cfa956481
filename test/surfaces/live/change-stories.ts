// A run that changes code which exists, at the moments that a person sees.
import { type View, viewCounts } from '../../../src/surfaces/live/run/view.ts';
import { broken, changing, green, onBase, red, reproducing, surveying } from '../change-events.ts';
import { type Beat, delta, result } from './stories.ts';

const counted = (view: View): View =>
  viewCounts(view, {
    'src/pages.js': { kind: 'changed', added: 3, removed: 1 },
    'src/count.js': { kind: 'new', added: 12, removed: 0 },
    'src/old.js': { kind: 'deleted', added: 0, removed: 40 },
    'test/short-page.test.js': { kind: 'new', added: 15, removed: 0 },
    'test/pages.test.js': { kind: 'changed', added: 4, removed: 2 },
  });

/** Every moment that is kept as a picture. */
export const changeStories: Readonly<Record<string, readonly Beat[]>> = {
  surveying: [...surveying, 12_000],
  reproducing: [...reproducing, delta('reproduce/tests-1/2', 'A short last page is dropped, so the test asks for it')],
  'red on the code as it is': [...red, counted, 3000],
  changing: [...changing, counted, delta('repair/round-0/3', 'Now the count')],
  'broke two of the repository': [...broken, counted],
  proof: [...green, counted, ...onBase.slice(0, 2).map((line) => result('prove/candidate/1', { ...line, status: 'passed', why: '' }))],
};
