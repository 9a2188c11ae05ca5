import type { TextOptions } from '../../report/view.ts';
import type { PowerResult } from './types.ts';
export function renderPower(result: PowerResult, options: TextOptions): string {
  return JSON.stringify(result) + options.columns;
}
