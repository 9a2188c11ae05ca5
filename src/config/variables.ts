/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Exactly one variable, without a default: the only form a key may have. */
export const KEY_PATTERN = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Text in which each `${` begins a variable. */
export const TEMPLATE_PATTERN = /^(?:[^$]|\$(?!\{)|\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\})*$/;

export interface Expanded {
  value: string;
  /** Variables that are unset or empty and have no default, each once. */
  missing: string[];
  /** Variables the value was taken from. */
  used: string[];
}

/** Replaces `${NAME}` and `${NAME:-default}`. As in a shell, an empty variable counts as unset here. */
export function expandVariables(template: string, env: Environment): Expanded {
  const missing = new Set<string>();
  const used = new Set<string>();
  const value = template.replaceAll(VARIABLE, (_, name: string, fallback: string | undefined) => {
    const set = env[name]?.trim();
    if (set !== undefined && set !== '') {
      used.add(name);
      return set;
    }
    if (fallback === undefined) missing.add(name);
    return fallback ?? '';
  });
  return { value, missing: [...missing], used: [...used] };
}
