import { describe, expect, it } from 'vitest';
import { codeGrader } from '../../../src/score/sandbox/index.ts';
import { answered, gradeCode, problems, SETTINGS } from './graded.ts';

const never = new AbortController().signal;

describe.skipIf(problems.python !== null)(`Python answers ${problems.python ?? ''}`, () => {
  it('scores the share of tests passed and names the first that failed', async () => {
    const tests = [
      { args: [1], equals: 1 },
      { args: [2], equals: 4 },
      { args: [3], equals: 9 },
      { args: [0], equals: 0 },
    ];
    expect(await gradeCode('python', 'def f(x): return x', { tests })).toMatchObject({
      ...{ mark: 'wrong', score: 0.5, reason: 'f(2) gave 2, not 4' },
    });
  });

  it.concurrent.each([
    ['a tuple for a list', 'def f(x): return (1, 2)', [1, 2]],
    ['floats that are close', 'def f(x): return [0.1 + 0.2]', [0.3]],
    ['a whole float', 'def f(x): return 2.0', 2],
    ['None', 'def f(x): pass', null],
    ['keys of another type', 'def f(x): return {1: "a"}', { 1: 'a' }],
    [
      'a counter',
      'from collections import Counter\ndef f(x): return Counter("aab")',
      { a: 2, b: 1 },
    ],
    ['a huge whole number', 'def f(x): return 2**100', { $int: '1267650600228229401496703205376' }],
    [
      'NaN and infinity',
      'def f(x): return [float("nan"), float("-inf")]',
      [{ $float: 'nan' }, { $float: '-inf' }],
    ],
    ['a set', 'def f(x): return {3, 1}', { $set: [1, 3] }],
    ['a fraction', 'from fractions import Fraction\ndef f(x): return Fraction(1, 2)', 0.5],
    [
      'a date read',
      'from datetime import datetime\ndef f(x): return datetime.strptime("2024-02-29", "%Y-%m-%d").weekday()',
      3,
    ],
    [
      'a data class',
      'from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f(x): return P(3).x',
      3,
    ],
    ['a random number', 'import random\ndef f(x): return random.Random(1).random() < 1', true],
    ['a name of a character', 'def f(x): return "\\N{GREEK SMALL LETTER ALPHA}"', 'α'],
    ['a method', 'class f:\n    def __call__(self, x): return x\ndef f(x): return 5', 5],
    [
      'tests of its own',
      'def f(x): return 5\nif __name__ == "__main__":\n    import sys; sys.exit(f(1))',
      5,
    ],
    [
      'the most common',
      'from collections import Counter\ndef f(x): return Counter("abb").most_common(1)',
      [['b', 2]],
    ],
    [
      'a function by type',
      'import functools\n@functools.singledispatch\ndef f(x): return 1\n@f.register\ndef _(x: int): return 5',
      5,
    ],
    ['what failed its own test', 'def f(x): return 5\nassert f(1) == 4', 5],
    ['what reads when it is run', 'def f(x): return 5\nprint(f(int(input())))', 5],
    ['doctest', 'def f(x): return 5\nimport doctest\ndoctest.testmod()', 5],
    [
      'all that answers most often import',
      `import typing, collections, itertools, functools, math, re, heapq, bisect, string, random, datetime
import decimal, fractions, dataclasses, enum, copy, operator, statistics, json, argparse, contextvars
def f(x): return 5`,
      5,
    ],
    ['os.path', 'import os\ndef f(x): return os.path.join("a", "b")', 'a/b'],
  ])('takes %s', async (_name, code, equals) => {
    expect(await gradeCode('python', code, { tests: [{ args: [1], equals }] })).toMatchObject({
      ...{ mark: 'right', score: 1, reason: null },
    });
  });

  it('sees arguments that were changed', async () => {
    const tests = [{ args: [[3, 1]], equals: 1, args_after: [[3, 1]] }];
    expect(await gradeCode('python', 'def f(x): return sorted(x)[0]', { tests })).toMatchObject({
      mark: 'right',
    });
    expect(
      await gradeCode('python', 'def f(x):\n    x.sort()\n    return x[0]', { tests }),
    ).toMatchObject({ mark: 'wrong', reason: 'f([3, 1]) left its arguments as [[1, 3]]' });
  });

  it.each([
    ['a syntax error', 'def f(x) return 1', /^does not compile: line 1: /],
    ['another name', 'def g(x): return 1', 'does not define f'],
    ['an exception', 'def f(x):\n    return x["a"]', /^f\(1\) raised TypeError: .*\(line 2\)$/],
    ['a missing module', 'import numpy\ndef f(x): return 2', /No module named 'numpy' \(line 1\)$/],
  ])('calls %s wrong', async (_name, code, reason) => {
    const judgement = await gradeCode('python', code);
    expect(judgement).toMatchObject({ mark: 'wrong', score: 0 });
    expect(judgement.reason).toMatch(reason);
  });

  it.each([
    'import asyncio\nasync def g(): return 2\ndef f(x): return asyncio.run(g())',
    'from zoneinfo import ZoneInfo\ndef f(x): return 2',
  ])('leaves ungraded what needs more than it has: %j', async (code) => {
    expect(await gradeCode('python', code)).toMatchObject({ mark: 'ungraded', score: null });
  });

  it('ends at once when it is interrupted', async () => {
    const controller = new AbortController();
    const code = 'import time\ndef f(x): time.sleep(60)';
    const grade = gradeCode('python', code, { timeoutMs: 60_000, signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    expect(await grade).toMatchObject({
      ...{ mark: 'ungraded', reason: expect.stringContaining('interrupted before it was graded') },
    });
  });

  it('grades many at a time', async () => {
    const codes = Array.from({ length: 12 }, (_, n) => `def f(x): return x + ${n}`);
    const marks = await Promise.all(codes.map((code) => gradeCode('python', code)));
    expect(marks.map(({ reason }) => reason)).toEqual(
      codes.map((_, n) => (n === 1 ? null : `f(1) gave ${1 + n}, not 2`)),
    );
  });
});

describe.skipIf(problems.javascript !== null)(
  `JavaScript answers ${problems.javascript ?? ''}`,
  () => {
    it.concurrent.each([
      ['a constant', 'const f = (x) => x + 1;', 2],
      ['an export', 'export default function f(x) { return 2; }', 2],
      ['an exported constant', 'export const f = () => 2;', 2],
      ['module.exports', 'module.exports = { f: () => 2 };', 2],
      ['one export', 'module.exports = (x) => 2;\n// no f = here', 2],
      ['what threw when it had been defined', 'const f = () => 2;\nif (f(1) !== 3) throw 1;', 2],
      ['consoles', 'function f() { return 2; }\nconsole.count(); console.groupCollapsed();', 2],
      [
        'a timer past all time',
        'const f = () => new Promise((done) => setTimeout(() => done(2), Infinity));',
        2,
      ],
      [
        'a promise',
        'async function f() { await new Promise((r) => setTimeout(r, 20)); return 2; }',
        2,
      ],
      ['a group', 'function f() { return (1234567.891).toLocaleString(); }', '1,234,567.891'],
      [
        'an order',
        'function f() { return ["b", "A", "a", "B"].sort((a, b) => a.localeCompare(b)); }',
        ['a', 'A', 'b', 'B'],
      ],
      [
        'a format',
        'function f() { return new Intl.NumberFormat("de-DE", { minimumFractionDigits: 2 }).format(1234.5); }',
        '1.234,50',
      ],
      [
        'a date',
        'function f() { return new Date(Date.UTC(2024, 1, 29)).toLocaleDateString("en-US", { month: "long", day: "numeric" }); }',
        'February 29',
      ],
      ['a clone', 'function f() { return structuredClone({ a: [new Date(0)] }).a.length; }', 1],
      [
        'new methods',
        'function f() { return [3, 1].toSorted().concat(Object.keys(Object.groupBy([1], () => "k"))); }',
        [1, 3, 'k'],
      ],
      ['a set', 'function f() { return new Set([1, 2]); }', { $set: [2, 1] }],
      ['a map', 'function f() { return new Map([[1, 2]]); }', { $dict: [[1, 2]] }],
      [
        'a huge whole number',
        'function f() { return 2n ** 64n; }',
        { $int: '18446744073709551616' },
      ],
      ['undefined', 'function f() {}', { $undefined: true }],
      ['an undefined property', 'function f() { return { a: undefined, b: 1 }; }', { b: 1 }],
      [
        '10,000 calls deep',
        'function f(n = 0) { return n === 5000 ? 2 : g(n + 1); }\nconst g = (n) => f(n);',
        2,
      ],
    ])('takes %s', async (_name, code, equals) => {
      const args = code.includes('n = 0') ? [0] : [1];
      expect(await gradeCode('javascript', code, { tests: [{ args, equals }] })).toMatchObject({
        ...{ mark: 'right', reason: null },
      });
    });

    it.each([
      ['const assert = require("node:assert");', 'assert.ok(f(1));'],
      ['import { strict as assert } from "assert";', 'assert(f(1));'],
    ])('leaves ungraded what needs %s', async (before, after) => {
      const code = `${before}\nfunction f() { return 2; }\n${after}`;
      expect(await gradeCode('javascript', code)).toMatchObject({
        ...{ mark: 'ungraded', reason: expect.stringContaining('lacks what it needs') },
      });
    });

    it.concurrent.each([
      ['undefined for null', 'function f() {}', null],
      ['a text for a number', 'function f() { return "2"; }', 2],
      ['true for 1', 'function f() { return true; }', 1],
    ])('does not take %s', async (_name, code, equals) => {
      const tests = [{ args: [1], equals }];
      expect(await gradeCode('javascript', code, { tests })).toMatchObject({ mark: 'wrong' });
    });
  },
);

describe('an answer', () => {
  const expectation = {
    type: 'code',
    value: { language: 'python', function: 'f', tests: [{ args: [1], equals: 2 }] },
  };
  it('without code is ungraded', async () => {
    const grade = codeGrader(SETTINGS).grade(answered('I cannot.'), expectation, never);
    expect(await grade).toMatchObject({ mark: 'ungraded', reason: 'no code in it' });
  });

  it.skipIf(problems.python !== null)(
    'that was cut off is ungraded unless it is right',
    async () => {
      const grade = (text: string) =>
        codeGrader(SETTINGS).grade(answered(text, { finishReason: 'length' }), expectation, never);
      expect(await grade('```python\ndef f(x):\n    return')).toMatchObject({
        ...{ mark: 'ungraded', reason: 'cut off: f(1) gave None, not 2' },
      });
      expect(await grade('```python\ndef f(x):\n    return 2')).toMatchObject({ mark: 'right' });
    },
  );
});
