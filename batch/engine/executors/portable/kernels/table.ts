/** How each operation is computed by TF.js: the type says that none is missing. */
import type { Kernels } from '../frame.ts';
import { arrange } from './arrange.ts';
import { elementwise } from './elementwise.ts';
import { layers } from './layers.ts';
import { sources } from './sources.ts';
import { updates } from './updates.ts';

export const kernels: Kernels = { ...sources, ...elementwise, ...arrange, ...layers, ...updates };
