import { didYouMean } from '../diagnostics/format.ts';
import type { Problem } from '../diagnostics/types.ts';
import { flagName, variableName } from './run-flags.ts';
import type { SettingKind } from './setting-kinds.ts';
import type { Environment } from './variables.ts';

/** The value of a flag or its variable; `undefined` where neither is given, or it is wrong. */
export type Given<Flags> = <T>(flag: keyof Flags & string, kind: SettingKind<T>) => T | undefined;

/** Reads flags as the user typed them, and `TOKENTAPE_*` in place of those not given. */
export function readGiven<Flags extends object>(
  env: Environment,
  flags: Flags,
  problems: Problem[],
): Given<Flags> {
  return (flag, kind) => {
    const typed = flags[flag];
    const text = typed === undefined ? env[variableName(flag)]?.trim() || undefined : String(typed);
    if (text === undefined) return undefined;
    const value = kind.parse(text);
    if (value === undefined) {
      const file = typed === undefined ? variableName(flag) : flagName(flag);
      const remedy = kind.words && didYouMean(text, kind.words);
      const message = `must be ${kind.form}`;
      problems.push({ file, line: 0, column: 0, path: '', message, ...(remedy && { remedy }) });
    }
    return value;
  };
}
