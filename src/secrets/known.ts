import type { Secret } from './needles.ts';
import { createRedactor, type Redactor } from './redactor.ts';

/** Variables whose names say that they hold a credential. */
const KEY_VARIABLE = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
/** A shorter one may be a word of its own, such as the name of the server that takes any key. */
const KNOWN_LENGTH_MIN = 12;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Keys that this process came across, for the last look at all that it prints: whatever else goes wrong,
 * and wherever a person has put them by mistake.
 */
const known = new Map<string, Secret>();
let redactor: Redactor | null = null;
/** Values of every secret, ordinary words among them. */
const values = new Set<string>();

export function rememberSecrets(secrets: Iterable<Secret>): void {
  for (const secret of secrets) {
    values.add(secret.value);
    if (!secret.isKey || secret.value.length < KNOWN_LENGTH_MIN || known.has(secret.value))
      continue;
    known.set(secret.value, secret);
    redactor = null;
  }
}

/** Text for a terminal or a pipe, without the keys that are known by now. */
export function withoutKnownSecrets(text: string): string {
  if (known.size === 0) return text;
  redactor ??= createRedactor([...known.values()]);
  return redactor.text(text);
}

/** Credentials among variables, by their names. */
export function secretsIn(env: Environment): Secret[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && KEY_VARIABLE.test(name)
      ? { value: value.trim(), name: `the value of ${name}`, isKey: true }
      : [],
  );
}

const KEY_SETTING =
  /(?:^|[{,])[ \t-]*["']?(?:[\w-]*(?:key|token|secret|password)|(?:proxy-)?authorization|cookie)["']?[ \t]*:\s*(?:["'[]|[>|][-+]?\s)?\s*([^\r\n"'\]}]+)/gim;

/** Keys that stand in a config itself, where none should: what is said of the mistake shall not quote them. */
export function keysStandingIn(text: string): Secret[] {
  return [...text.matchAll(KEY_SETTING)].flatMap(([, value = '']) =>
    value.includes('${')
      ? []
      : { value: value.replace(/\s+#.*$/, '').trim(), name: 'a key in the config', isKey: true },
  );
}

/** The environment of a child process that needs no key: without variables that hold one. */
export function environmentWithoutSecrets(env: Environment): Record<string, string> {
  const keys = [...known.keys(), ...secretsIn(env).map(({ value }) => value)];
  const long = keys.filter((value) => value.length >= KNOWN_LENGTH_MIN);
  const isSecret = (name: string, value: string): boolean =>
    KEY_VARIABLE.test(name) ||
    USERINFO.test(value) ||
    values.has(value.trim()) ||
    long.some((key) => value.includes(key));
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || isSecret(name, value) ? [] : [[name, value]],
    ),
  );
}

const USERINFO = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i;
