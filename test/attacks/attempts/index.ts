import type { Attempt } from '../attempt.ts';
import { FILES } from './files.ts';
import { INSTALL } from './install.ts';
import { KERNEL } from './kernel.ts';
import { LIMITS } from './limits.ts';
import { NETWORK } from './network.ts';
import { PROCESSES } from './processes.ts';
import { REPORT } from './report.ts';

/** Every attempt; ids are unique. */
export const ATTEMPTS: readonly Attempt[] = [...FILES, ...PROCESSES, ...KERNEL, ...NETWORK, ...LIMITS, ...REPORT, ...INSTALL];
