import { SECRET_LENGTH_MIN, type Secret } from './secrets/needles.ts';
import { createRedactor, type Redactor } from './secrets/redactor.ts';

export type { Secret } from './secrets/needles.ts';
export { createRedactor, type Redactor } from './secrets/redactor.ts';

/** The parts of a target that may hold secrets. */
export interface SecretsHolder {
  name: string;
  baseUrl: string;
  apiKey: string | undefined;
  headers: Readonly<Record<string, string>>;
  publicHeaders?: readonly string[];
}

/** Headers whose names speak of a credential: these cannot be listed as public. */
export const KEY_HEADER = /key|token|auth|secret|cookie|passw|credential|session|signature/i;
/** Headers that say what is asked for, in words of the protocol: no secret, and found in every reply. */
const STANDARD_HEADER = /^(?:accept(?:-.*)?|cache-control|pragma|user-agent|openai-beta)$/i;
/** Words that chunks are made of: a value of these taken out of a reply would leave none. */
const PROTOCOL_WORDS = new Set(
  'object choices message content assistant function reasoning finish_reason tool_calls usage chat.completion chat.completion.chunk reasoning_content'.split(
    ' ',
  ),
);

/** Knows what must not be written of a run: the secrets of its targets, of its proxies, and others. */
export function redactorOf(
  targets: readonly SecretsHolder[],
  others: readonly Secret[] = [],
): Redactor {
  return createRedactor([...targets.flatMap(secretsOf), ...others, ...proxySecrets(process.env)]);
}

/**
 * What must not be written of a target: its key, and the values of its headers but for those that are
 * listed as public; of what holds a scheme, the credentials alone too.
 */
export function secretsOf(target: SecretsHolder): Secret[] {
  const listed = new Set((target.publicHeaders ?? []).map((name) => name.toLowerCase()));
  const secrets: Secret[] = [];
  if (target.apiKey !== undefined) {
    secrets.push(...keysIn(`Bearer ${target.apiKey}`, `the key of ${target.name}`));
  }
  for (const [header, value] of Object.entries(target.headers)) {
    if (listed.has(header.toLowerCase()) || STANDARD_HEADER.test(header)) continue;
    const name = `the value of the header ${header} of ${target.name}`;
    if (KEY_HEADER.test(header)) secrets.push(...keysIn(value, name));
    else if (!PROTOCOL_WORDS.has(value.toLowerCase())) {
      secrets.push({ value, name, header, isKey: false });
    }
  }
  return [...secrets, ...userinfoOf(target.baseUrl, `the user in the address of ${target.name}`)];
}

/** A value of a header, and the credentials in it: `Bearer KEY`, `Basic BASE64`, `id=KEY; other=KEY`. */
function keysIn(header: string, name: string): Secret[] {
  const key = (value: string): Secret => ({ value, name, isKey: true });
  const [, scheme = '', credentials = header] = /^([\w-]+)[ \t]+(.+)$/.exec(header) ?? [];
  const isShort = credentials.length < SECRET_LENGTH_MIN;
  const parts = credentials.split(/[;,]\s*/).map((part) => /^[\w.-]+="?([^"]*)"?$/.exec(part)?.[1]);
  const userAndPassword =
    scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString() : '';
  return [
    // A short one is found together with its scheme alone.
    ...(isShort ? [header] : [credentials]),
    ...parts.flatMap((part) => part ?? []),
    ...passwordsIn(userAndPassword),
  ].map(key);
}

/** The proxies that the environment names may want a password. */
export function proxySecrets(env: Readonly<Record<string, string | undefined>>): Secret[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /^(?:https?|all)_proxy$/i.test(name) && value !== undefined
      ? userinfoOf(value, `the user in ${name}`)
      : [],
  );
}

function userinfoOf(address: string, name: string): Secret[] {
  const userinfo = /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/)?([^/?#]*)@/i.exec(address)?.[1];
  if (userinfo === undefined) return [];
  const values = [userinfo, decoded(userinfo)].flatMap(passwordsIn);
  return [...new Set(values)].map((value) => ({ value, name, isKey: true }));
}

/** `user:password`, and either of them. */
function passwordsIn(userinfo: string): string[] {
  if (userinfo === '') return [];
  const [user = '', ...rest] = userinfo.split(':');
  return [userinfo, user, rest.join(':')].filter((part) => part !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
