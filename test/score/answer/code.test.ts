import { describe, expect, it } from 'vitest';
import { codeFor, programFor } from '../../../src/score/answer/code.ts';

const task = { language: 'python' as const, function: 'f', tests: [] };
const block = (code: string, tag = 'python') => `\`\`\`${tag}\n${code}\n\`\`\``;
const F = 'def f(x):\n    return x';

describe('code in an answer', () => {
  it.each([
    ['the only block', block(F), F],
    ['a block of no language', block(F, ''), F],
    ['a block of another name', block(F, 'python3.11'), F],
    [
      'the last that defines it',
      `${block('def f(x): pass')}\nBetter:\n${block(F)}\n${block('f(1)')}`,
      F,
    ],
    ['none of another language', `${block(F)}\n${block('f 1', 'bash')}`, F],
    ['an indented block', `1. So:\n\n   \`\`\`python\n   def f(x):\n       return x\n   \`\`\``, F],
    ['a fence of tildes', `~~~py\n${F}\n~~~`, F],
    ['a longer fence', `\`\`\`\`python\n${F}\n\`\`\`\``, F],
    ['a block without an end', `Here:\n\`\`\`python\n${F}`, F],
    ['a complete one before one without an end', `${block(F)}\n\`\`\`python\ndef f(x):`, F],
    ['bare code', F, F],
    [
      'bare code amid prose',
      `Sure, here it is:\n\n${F}\n\nThis returns its argument.`,
      `${F}\n\n`.trimEnd(),
    ],
    ['Windows line ends', block(F).replaceAll('\n', '\r\n'), F],
    ['a name bound', block('f = lambda x: x'), 'f = lambda x: x'],
    [
      'the block of two that a helper goes with',
      `${block('def g(): pass')}\nThen\n${block('def f(x):\n    return g()')}`,
      'def g(): pass\ndef f(x):\n    return g()',
    ],
    ['no example', `${block('y = 1\nf(y)')}\n${block('def f(y): return y')}`, 'def f(y): return y'],
    [
      'a block with a fence in its docstring',
      block('def f(x):\n    """\n    ```\n    """'),
      'def f(x):\n    """\n    ```\n    """',
    ],
    ['a block within a block', `\`\`\`\`markdown\n${block(F)}\n\`\`\`\``, F],
    ['a block under another name', block(F, 'text'), F],
    ['bare code with a fence behind it', `${F}\n\`\`\``, F],
    ['the last block where none defines it', `${block('a = 1')}\n${block('b = 2')}`, 'b = 2'],
  ])('is %s', (_name, answer, code) => {
    const found = codeFor(answer, task);
    expect('code' in found ? found.code.trimEnd() : found).toBe(code);
  });

  it.each(['', 'I cannot do that.', 'Define f so that it returns x.', block('ls', 'bash')])(
    'is not in %j',
    (answer) => {
      expect(codeFor(answer, task)).toEqual({ problem: 'no code in it' });
    },
  );

  it.each([
    ['export function f() {}', 'function f() {}'],
    ['export default async function f() {}', 'async function f() {}'],
    ['const f = 1;\nexport { f };', 'const f = 1;'],
    ['const f = 1;\nexport default f;', 'const f = 1;\nmodule.exports.default = f;'],
    ['class f {}', 'class f {}'],
  ])('loses the export of %j', (code, left) => {
    const found = codeFor(block(code, 'js'), { ...task, language: 'javascript' });
    expect('code' in found ? found.code.trimEnd() : found).toBe(left);
  });

  it.each([
    ['import a from "b";', 'const a = require("b");'],
    ["import * as a from 'b'", "const a = require('b')"],
    ['import { c, d as e } from "b";', 'const { c, d: e } = require("b");'],
  ])('takes %j for a script', (code, left) => {
    const found = codeFor(block(`${code}\nfunction f() {}`, 'js'), {
      ...task,
      language: 'javascript',
    });
    expect(found).toEqual({ code: `${left}\nfunction f() {}` });
  });

  it('takes no longer for answers made to take long', () => {
    const long = 400_000;
    const answers = ['export {', 'function ', '\n', ' ', 'A a ', '```\n', 'f =', '\t'];
    const started = process.cpuUsage().user;
    for (const one of answers) {
      const text = one.repeat(long / one.length);
      codeFor(text, { ...task, language: 'javascript' });
      codeFor(block(text, 'js'), { ...task, language: 'javascript' });
      codeFor(text, task);
      programFor(text, { ...task, prompt: 'def f(x):\n', check: '' });
    }
    // Quadratic, one of these alone would take minutes.
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(10);
  });
});
