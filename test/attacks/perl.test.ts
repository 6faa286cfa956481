import { attackRung } from './rung.ts';

attackRung('perl', { speed: 'quick' });
