/** A flag as npm may have taken it: its long name without the dashes, and whether a value follows. */
export interface LongFlag {
  name: string;
  takesValue: boolean;
}

/** Settings of npm and node-gyp by the same names, which a person's own .npmrc may hold. */
const SHARED_WITH_NPM = new Set(['target', 'force']);

/**
 * `npm run bench --suite reasoning` gives the flag to npm, which leaves only the value and tells of
 * the flag in a variable. Says how to write it; `undefined` where that is not what happened.
 * @param words what npm passed on
 */
export function swallowedFlagHint(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
  known: readonly LongFlag[],
): string | undefined {
  const script = npmScript(env);
  if (script === undefined) return undefined;
  const swallowed = known.filter(
    ({ name }) =>
      settingOf(env, name) !== undefined && (words.length > 0 || !SHARED_WITH_NPM.has(name)),
  );
  if (swallowed.length === 0) return undefined;

  const rest = [...words];
  const flags = swallowed.map(({ name, takesValue }) => {
    const value = settingOf(env, name);
    // npm writes a switch that was turned off as an empty value.
    if (!takesValue) return value === '' ? `--no-${name}` : `--${name}`;
    const word = value === 'true' ? rest.shift() : value;
    return word === undefined ? `--${name}` : `--${name} ${word}`;
  });
  return (
    `npm kept ${swallowed.map(({ name }) => `--${name}`).join(', ')} for itself; ` +
    `put -- before the flags:\n  npm run ${script} -- ${[...rest, ...flags].join(' ')}`
  );
}

/** The command line as this process was started, up to its own words. */
export function invocation(env: NodeJS.ProcessEnv): string {
  const script = npmScript(env);
  return script === undefined ? 'tokentape' : `npm run ${script} --`;
}

/** npx takes no flags behind the name of the package, and calls itself a script. */
function npmScript({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): string | undefined {
  return script === 'npx' ? undefined : script;
}

function settingOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[`npm_config_${name.replaceAll('-', '_')}`];
}
