/** Text that somebody outside could send where a name, an answer or a message is due. */
export const HOSTILE: Record<string, string> = {
  'every C0 control': Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('x'),
  'every C1 control and DEL': Array.from({ length: 33 }, (_, n) =>
    String.fromCharCode(127 + n),
  ).join('x'),
  'colours, clearing, moving': 'a\x1b[31mred\x1b[0m\x1b[2J\x1b[1;1H\x1b[8mgone\x9b31m',
  'title, clipboard and link':
    '\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;https://evil.test\x1b\\x\x1b]8;;\x1b\\',
  'device control': '\x1bP+q544e\x1b\\\x1b_app\x1b\\\x1b^pm\x1b\\\x90q\x9c',
  bidirectional: 'a\u202a\u202b\u202c\u202d\u202egnp.exe\u2066\u2067\u2068\u2069\u200e\u200f\u061c',
  'line ends': 'one\r\ntwo\rthree\nfour\u0085five\u2028six\u2029seven\veight\fnine',
  'zero width': 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei\u3164j\u115fk\uffa0',
  tags: `🏴${[...'hidden'].map((one) => String.fromCodePoint(0xe0000 + one.charCodeAt(0))).join('')}`,
  'variation selectors': `a${[...'secret'].map((one) => String.fromCodePoint(0xe0100 + one.charCodeAt(0))).join('')}\ufe01\ufe0f`,
  'lone surrogates': 'a\ud800b\udfffc',
  'marks without end': `z${'\u0335\u0301\u0489'.repeat(200)}`,
  'backspaces and bells': 'PASS\b\b\b\bFAIL\x07',
  NUL: 'a\0b',
  'emoji and wide characters': '👩‍👩‍👧日本語モデル👍🏽',
  'commands to a runner':
    '::add-mask::a\n ::stop-commands::token\n::error::x%0A::set-output name=a::b',
  'old commands to a runner': '##[add-mask]a ##vso[task.setvariable variable=a]b\n##[group]c',
  'a formula': '=HYPERLINK("https://evil.test","x")',
  'a formula behind blanks': ' \u00a0\ufeff=1+1',
  'other formulas': '@SUM(1)\n+1\n-1\n\t=1',
  'a formula in full width': '＝１＋１',
  separators: 'a,b;c\td"e""\'f\r\n=1+1,=2+2',
  HTML: '</td></table><script>alert(1)</script><img src=x onerror=alert(1)><!-- <details open>&lt;b>',
  Markdown:
    '| a | `b` **c** _d_ ~~e~~ [x](javascript:alert(1)) ![y](https://evil.test/t.png) [^1] \\',
  'more Markdown':
    '```\n# title\n===\n---\n- list\n1. list\n> quote\n[^1]: note\n[r]: https://evil.test',
  'links and mentions':
    '@team #123 a/b#4 GH-5 https://evil.test www.evil.test evil@evil.test !6 :tada: $x$ <https://evil.test>',
  XML: ']]></failure><testcase name="&quot;"/>\ufffe\uffff',
  'the ways of a path': '../../../tmp/owned',
  'names of objects': '__proto__',
};

/** All of it on one line, for where one name has to do. */
export const ALL_HOSTILE = Object.values(HOSTILE).join(' ');

/** What must not come to a terminal: what acts there, hides, or turns the reading direction. */
export const ACTS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for alone
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ud800-\udfff\ufff0-\ufffb\u{e0000}-\u{e0fff}]/u;

/** A line, or a part of one, that a runner would take for a command. */
export const COMMANDS = /^\s*::|##(?:\[|vso\[|teamcity\[)/m;
