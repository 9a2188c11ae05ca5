/** Flags of `run` that npm takes for its own where `--` is missing; npm tells of them in variables. */
const SWALLOWABLE = [
  'suite',
  'model',
  'target',
  'concurrency',
  'requests',
  'warmup',
  'repeat',
  'seed',
  'duration',
  'order',
  'config',
  'profile',
];

/**
 * `npm run bench --suite reasoning` gives the flag to npm and leaves only its value. Says how to
 * write it; `undefined` where that is not what happened.
 */
export function swallowedFlagHint(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
): string | undefined {
  if (env.npm_lifecycle_event === undefined) return undefined;
  const swallowed = SWALLOWABLE.filter((flag) => {
    const value = env[`npm_config_${flag}`];
    return value !== undefined && value !== '';
  });
  if (swallowed.length === 0) return undefined;
  const rest = [...words];
  const flags = swallowed.map((flag) => {
    const value = env[`npm_config_${flag}`];
    const word = value === 'true' ? rest.shift() : value;
    return word === undefined ? `--${flag}` : `--${flag} ${word}`;
  });
  const script = env.npm_lifecycle_event;
  return (
    `npm kept ${swallowed.map((flag) => `--${flag}`).join(', ')} for itself; ` +
    `put -- before the flags:\n  npm run ${script} -- ${[...flags, ...rest].join(' ')}`
  );
}
