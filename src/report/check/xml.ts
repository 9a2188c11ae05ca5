import { neutralise } from '../text.ts';

type Value = string | number | boolean | null;

/** Attributes with a blank in front of each; those that are `null` are left out. */
export function attributes(values: Record<string, Value>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${escaped(neutralise(textOf(value)))}"`)
    .join('');
}

/** An element whose text may have several lines. */
export function element(name: string, values: Record<string, Value>, text: string): string {
  const lines = text.split('\n').map((line) => escaped(neutralise(line)));
  return `<${name}${attributes(values)}>${lines.join('\n')}</${name}>`;
}

export function textOf(value: Value): string {
  return String(value);
}

/** Of a report on stdout nothing may be a command to the runner; `neutralise` writes out controls and lone surrogates; these two are all that XML 1.0 lacks besides. */
function escaped(text: string): string {
  return text
    .replaceAll('##[', '## [')
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
