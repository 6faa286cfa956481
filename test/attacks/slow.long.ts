// What takes too long for every day: the slow attempts, and containers.
import { makeTestImage, TEST_IMAGE } from '../sandbox/image.ts';
import { users } from './run.ts';
import { attackRung } from './rung.ts';

attackRung('bubblewrap', { speed: 'long' });
attackRung('perl', { speed: 'long' });

const why = makeTestImage();
if (why === null) attackRung('podman', { speed: 'all', as: users().slice(0, 1), image: TEST_IMAGE });
else console.warn(`skipped: podman: ${why}`);
