import { attackRung } from './rung.ts';

attackRung('bubblewrap', { speed: 'quick' });
