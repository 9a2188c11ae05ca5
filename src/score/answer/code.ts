import type { CodeCheck, CodeTests } from '../../suite/code-value.ts';

type Language = 'python' | 'javascript';

const TAGS: Record<Language, RegExp> = {
  python: /^(?:python[\d.]*|py[\d.]*)?$/i,
  javascript: /^(javascript|js|jsx|mjs|cjs|node)?$/i,
};

/** The code in an answer; or why there is none. */
export type FoundCode = { code: string } | { problem: string };

interface Block {
  tag: string;
  text: string;
  complete: boolean;
}

/** The last complete block that defines the function; else one without an end, bare code, the last block. */
export function codeFor(answer: string, { language, function: name }: CodeTests): FoundCode {
  const found = locate(answer, language, name.split('.')[0] ?? name);
  if ('problem' in found) return found;
  return { code: language === 'javascript' ? asScript(found.code) : found.code };
}

/** A whole program from HumanEval's prompt and a completion, a body, or the function anew. */
export function programFor(answer: string, { prompt, function: name }: CodeCheck): FoundCode {
  const defines = definition('python', name);
  const found = locate(answer, 'python', name);
  if ('code' in found && defines.test(found.code)) {
    // Imports and helpers of the prompt hold for the answer too.
    const at = prompt.search(new RegExp(`^(async )?def +${escaped(name)}\\b`, 'm'));
    return { code: `${at < 0 ? '' : prompt.slice(0, at)}\n${found.code}` };
  }
  const block = blocksOf(answer).findLast(({ tag }) => TAGS.python.test(tag));
  const body = block?.text ?? answer;
  const indented = /^[ \t]/.test(body.split('\n').find((line) => line.trim() !== '') ?? '');
  if (!indented && !LOOKS_LIKE_CODE.test(body)) return { problem: 'no code in it' };
  const lines = indented ? body : body.replace(/^(?=.*\S)/gm, '    ');
  return { code: `${prompt.trimEnd()}\n${lines}` };
}

const LOOKS_LIKE_CODE =
  /^[ \t]*(?:return|yield|raise|for|while|if|def|from|import|with|try|pass)\b|^[ \t]*[\w.[\]]+[ \t]*[-+*/]?=/m;

function locate(answer: string, language: Language, name: string): FoundCode {
  const defines = definition(language, name);
  const blocks = blocksOf(answer).filter(
    ({ tag, text }) => TAGS[language].test(tag) && text.trim() !== '',
  );
  const complete = blocks.filter((block) => block.complete);
  const defining =
    complete.findLast(({ text }) => defines.test(text)) ??
    blocks.findLast(({ text }) => defines.test(text));
  if (defining !== undefined) return { code: withHelpers(defining, complete, language, name) };
  const bare = bareCode(answer, language);
  if (defines.test(bare)) return { code: bare };
  const last = complete.at(-1) ?? blocks.at(-1);
  return last === undefined ? { problem: 'no code in it' } : { code: last.text };
}

/** Blocks before it count too where they define what it mentions and does not define. */
function withHelpers(block: Block, blocks: Block[], language: Language, name: string): string {
  let code = block.text;
  const at = Math.max(0, blocks.indexOf(block));
  const earlier = blocks.slice(Math.max(0, at - MOST_HELPERS), at);
  for (const { text } of earlier.reverse()) {
    const names = namesIn(text, language);
    const defined = new Set(namesIn(code, language));
    const mentioned = wordsOf(code);
    // One that calls the function is an example; one that defines the same is another go at it.
    const isHelper = !wordsOf(text).has(name) && !names.some((one) => defined.has(one));
    if (isHelper && names.some((one) => mentioned.has(one))) code = `${text}\n${code}`;
  }
  return code;
}

function wordsOf(code: string): Set<string> {
  return new Set(code.match(/[\w$]+/g));
}

function namesIn(code: string, language: Language): string[] {
  return [...code.matchAll(NAMED[language])].map(([, name = '']) => name);
}

/** Blocks looked at: an answer may consist of nothing else. */
const MOST_HELPERS = 20;

/** What a program defines at its margin. */
const NAMED: Record<Language, RegExp> = {
  python: /^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)/gm,
  javascript:
    /^(?:export[ \t]+)?(?:async[ \t]+)?(?:function\b[ \t]*\*?|class|const|let|var)[ \t]+([\w$]+)/gm,
};

/** Fenced blocks in order; a fence may be indented, and of backticks or tildes. */
function blocksOf(answer: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: number; block: Block; lines: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    open.block.text = open.lines.join('\n');
    blocks.push(open.block);
    open = undefined;
  };
  for (const line of answer.replace(/\r\n?/g, '\n').split('\n')) {
    const [, indent = '', fence = '', info = ''] =
      /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence === '') continue;
      const tag = info.trim().split(/[\s{:,]/)[0] ?? '';
      open = { fence, indent: indent.length, lines: [], block: { tag, text: '', complete: false } };
    } else if (closes(open, indent, fence, info)) {
      open.block.complete = true;
      close();
    } else {
      const { indent: less } = open;
      open.lines.push(line.slice(0, less).trim() === '' ? line.slice(less) : line);
    }
  }
  close();
  return blocks;
}

/** Less deep than code would be: a fence within a docstring is none of ours. */
function closes(
  open: { fence: string; indent: number },
  indent: string,
  fence: string,
  info: string,
): boolean {
  return fence.startsWith(open.fence) && info.trim() === '' && indent.length < open.indent + 4;
}

function definition(language: Language, name: string): RegExp {
  const word = escaped(name);
  return language === 'python'
    ? new RegExp(
        `^[ \\t]*(?:(?:async[ \\t]+)?def|class)[ \\t]+${word}\\b|^${word}[ \\t]*(?::[^=\\n]*)?=`,
        'm',
      )
    : new RegExp(
        `\\b(?:function\\s*\\*\\s*|function\\s+|class\\s+)${word}(?![\\w$])|(?:^|[^\\w$.])${word}\\s*=(?!=)|exports\\.${word}\\s*=`,
        'm',
      );
}

function escaped(name: string): string {
  return name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

const FIRST_LINES: Record<Language, RegExp> = {
  python: /^(def|async def|class|import|from|@\w)/,
  javascript:
    /^(function|async function|class|const|let|var|import|export|module\.|exports\.|'use strict'|"use strict"|\/[/*])/,
};

/** From the first line that starts a program to the last before prose. */
function bareCode(answer: string, language: Language): string {
  const lines = answer.replace(/\r\n?/g, '\n').split('\n');
  const first = lines.findIndex((line) => FIRST_LINES[language].test(line));
  if (first < 0) return '';
  const length = lines.slice(first).findIndex((line) => FENCE.test(line) || isProse(line));
  return lines.slice(first, length < 0 ? undefined : first + length).join('\n');
}

const FENCE = /^(?:`{3}|~{3})/;

/** A line at the margin of words that end as a sentence does, as no code of either language. */
function isProse(line: string): boolean {
  return line.length <= LONGEST_PROSE && PROSE.test(line);
}

/** The pattern takes the square of a line's length. */
const LONGEST_PROSE = 1000;
const PROSE =
  /^(?:\*\*)?[\p{Lu}\p{Lo}][\p{L}\p{N}\s,'’`*_()-]*\s[\p{L}\p{N}\s,'’`*_()=+.:-]*[.:!?]$|^\p{Lo}.*[。：！？]$/u;

/** A function is found by its name: `export` says nothing, and a script has none; nor has it `import`. */
function asScript(code: string): string {
  return code
    .replace(
      /^[ \t]*import[ \t]+(?:\*[ \t]+as[ \t]+)?([\w$]+|\{[^}]{0,2000}\})[ \t]+from[ \t]*(['"][^'"\n]+['"])/gm,
      (_, names: string, from: string) =>
        `const ${names.replace(/[ \t]+as[ \t]+/g, ': ')} = require(${from})`,
    )
    .replace(
      /^[ \t]*export[ \t]+(?:default[ \t]+)?(?=(?:async[ \t]+)?function|class|const|let|var)/gm,
      '',
    )
    .replace(/^[ \t]*export[ \t]+default[ \t]+/gm, 'module.exports.default = ')
    .replace(/^[ \t]*export[ \t]*\{[^}]{0,2000}\}[ \t]*;?/gm, '');
}
