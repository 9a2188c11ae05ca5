import { describe, expect, it } from 'vitest';
import { codeGrader } from '../../../src/score/sandbox/index.ts';
import { answered, problems, SETTINGS } from './graded.ts';

const PROMPT = `from typing import List


def helper(n):
    return n * 2


def doubled(numbers: List[int]) -> List[int]:
    """ Doubles each.
    >>> doubled([1])
    [2]
    """
`;
const CHECK = `METADATA = {}


def check(candidate):
    assert candidate([]) == []
    assert candidate([1, 2]) == [2, 4]
    assert candidate(numbers=[helper(2)]) == [8]
    assert candidate([0.5])[0] - 1.0 < 1e-9
    try:
        candidate(None)
        assert False, "takes None"
    except TypeError:
        pass
`;
const BODY = '    return [helper(n) for n in numbers]';

function grade(text: string, more: object = {}, timeout_ms = 4000) {
  const value = { language: 'python', function: 'doubled', prompt: PROMPT, check: CHECK, ...more };
  const expectation = { type: 'code', value, timeout_ms };
  return codeGrader(SETTINGS).grade(answered(text), expectation, new AbortController().signal);
}

describe.skipIf(problems.python !== null)(`check(candidate) ${problems.python ?? ''}`, () => {
  it.each([
    ['the body alone', BODY],
    ['the body in a block', `\`\`\`python\n${BODY}\n\`\`\``],
    ['the body without its indent', '```\nreturn [helper(n) for n in numbers]\n```'],
    [
      'the function without its imports',
      `\`\`\`python\ndef doubled(numbers: List[int]) -> List[int]:\n${BODY}\n\`\`\``,
    ],
    ['the whole program', `Here it is:\n\`\`\`python\n${PROMPT}${BODY}\n\`\`\`\nIt doubles.`],
    ['the function, bare', `def doubled(numbers):\n${BODY}\n\nThis doubles each number.`],
  ])('takes %s', async (_name, text) => {
    expect(await grade(text)).toMatchObject({ mark: 'right', score: 1, reason: null });
  });

  it('names the assertion that failed', async () => {
    expect(await grade('    return numbers')).toMatchObject({
      ...{ mark: 'wrong', score: 0, reason: 'failed assert candidate([1, 2]) == [2, 4]' },
    });
  });

  it.each([
    ['leaves with success', '    import os\n    os._exit(0)', /ended its process/],
    ['raises SystemExit', '    raise SystemExit(0)', /SystemExit/],
    [
      'skips the tests that call it',
      '    import builtins\n    builtins.AssertionError = Exception\n    return 1',
      /^failed assert/,
    ],
    [
      'looks for its judge',
      '    import sys\n    f = sys._getframe()\n    while f.f_back: f = f.f_back\n    sys.modules["tests"].check = None',
      /KeyError/,
    ],
    [
      'is equal to all',
      '    class All:\n        def __eq__(self, other): return True\n    return All()',
      /^failed assert candidate\(\[\]\)/,
    ],
    [
      'says that it passed',
      '    import os\n    os.write(3, b\'{"passed": true}\\n\')\n    os._exit(0)',
      /wrote where only results go/,
    ],
    [
      'answers for its judge',
      '    import os\n    os.write(3, b\'{"value": []}\\n{"passed": true}\\n\')\n    return 1',
      /wrote where only results go|^failed/,
    ],
    ['wants a file', '    open("/etc/passwd")', 'stopped: asked for a file'],
  ])('does not believe code that %s', async (_name, text, reason) => {
    const judgement = await grade(text);
    expect(judgement).toMatchObject({ mark: 'wrong', score: 0 });
    expect(judgement.reason).toMatch(reason);
  });

  it('does not blame the answer for a test program that does not end', async () => {
    const check = 'def check(candidate):\n    while True: pass';
    expect(await grade(BODY, { check }, 200)).toMatchObject({ mark: 'ungraded' });
  });

  it('takes a prompt that is a signature alone', async () => {
    const prompt = 'def doubled(numbers):\n';
    const check = 'def check(candidate):\n    assert candidate([1]) == [2]\n';
    const text = '```python\ndef doubled(numbers): return [2 * n for n in numbers]\n```';
    expect(await grade(text, { prompt, check })).toMatchObject({ mark: 'right' });
  });

  it('ends code that runs without end', async () => {
    expect(await grade('    while True: pass', {}, 300)).toMatchObject({
      ...{ mark: 'wrong', reason: 'stopped: ran longer than 0.3 s' },
    });
  });
});
