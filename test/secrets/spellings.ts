/** How a server may repeat a secret: each spelling with its name. */
export function spellingsOf(secret: string): [how: string, text: string][] {
  const json = inJson(secret);
  const unicode = escapedBy(secret, (unit) => `\\u${hex(unit, 4)}`);
  const percent = escapedBytes(secret, (byte) => `%${hex(byte, 2)}`);
  return [
    ['as it is', secret],
    ['in upper case', secret.replace(/[a-z]/g, (letter) => letter.toUpperCase())],
    ['in lower case', secret.replace(/[A-Z]/g, (letter) => letter.toLowerCase())],
    ['in JSON', json],
    ['in JSON inside JSON', inJson(json)],
    ['in JSON in JSON in JSON', inJson(inJson(json))],
    ['in JSON with slashes escaped', json.replaceAll('/', '\\/')],
    ['as code units', unicode],
    ['as code units in upper case', unicode.toUpperCase().replaceAll('\\U', '\\u')],
    ['as code units inside JSON', inJson(unicode)],
    ['every second one as a code unit', everySecond(secret, (unit) => `\\u${hex(unit, 4)}`)],
    ['in Python', escapedBytes(secret, (byte) => `\\x${hex(byte, 2)}`)],
    ['URL-encoded', encodeURIComponent(secret)],
    ['URL-encoded as in a form', encodeURIComponent(secret).replaceAll('%20', '+')],
    [
      'URL-encoded in lower case',
      encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
    ],
    ['URL-encoded whole', percent],
    ['URL-encoded whole, in lower case', percent.toLowerCase()],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    [
      'every second one URL-encoded',
      everySecond(secret, (unit) => encodeURIComponent(String.fromCharCode(unit))),
    ],
    ['as character references', escapedBy(secret, (unit) => `&#${unit};`)],
    ['as hexadecimal references', escapedBy(secret, (unit) => `&#x${unit.toString(16)};`)],
    [
      'in a page',
      secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
    ],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in hexadecimal, in upper case', Buffer.from(secret).toString('hex').toUpperCase()],
    ...['', 'x', 'xy', 'Bearer ', 'user:', 'me:'].flatMap((before) =>
      ['', '!', ':more'].flatMap((after): [string, string][] => {
        const bytes = Buffer.from(before + secret + after);
        const coded = bytes.toString('base64');
        const how = `of «${before}…${after}»`;
        return [
          [`in base64 ${how}`, coded],
          [`in base64 without its padding ${how}`, coded.replace(/=+$/, '')],
          [`in base64 for addresses ${how}`, bytes.toString('base64url')],
          [`in base64 in JSON ${how}`, coded.replaceAll('/', '\\/')],
          [`in base64, URL-encoded ${how}`, encodeURIComponent(coded)],
        ];
      }),
    ),
  ];
}

function escapedBy(text: string, spell: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at))).join('');
}

function escapedBytes(text: string, spell: (byte: number) => string): string {
  return Array.from(Buffer.from(text), spell).join('');
}

function everySecond(text: string, spell: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_, at) =>
    at % 2 === 0 && text.charCodeAt(at) < 128 ? spell(text.charCodeAt(at)) : text[at],
  ).join('');
}

/** As JSON escapes it inside a string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
