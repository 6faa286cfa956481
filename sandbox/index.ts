// The box as a library: run argv under a policy. Knows nothing of models, plans or git.

export { asset } from './assets.ts';
export type { Box } from './box.ts';
export { openBox } from './box.ts';
export type { Choice, ChooseOptions } from './choose.ts';
export { chooseRung } from './choose.ts';
export { isHostName, parseConnect, targetOf } from './connect.ts';
export type { DoorEntry } from './door.ts';
export type { Identity } from './identity.ts';
export type { DoorPolicy, Limits, Mount, Policy, RunOptions, RunReason, RunResult, Usage } from './policy.ts';
export { BoxError, DOOR_SOCKET, defaultLimits } from './policy.ts';
export { reachable } from './reach.ts';
export type { Rung, RungKind } from './rung.ts';
export { systemProgram } from './rung.ts';
export type { Staging } from './staging.ts';
export { giveAway, openStaging, removeTree } from './staging.ts';
