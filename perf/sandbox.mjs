// Answers per second through the sandbox, for docs/sandbox.md: node perf/sandbox.mjs [answers]
import { availableParallelism, loadavg } from 'node:os';
import pLimit from 'p-limit';
import { codeGrader, sandboxProblem } from '../dist/score/sandbox/index.js';

const answers = Number(process.argv[2] ?? 40);
const grader = codeGrader({ codeTimeoutMs: 10_000, codeMemoryMb: 512 });
const signal = new AbortController().signal;
const tests = [1, 2, 3, 4].map((n) => ({ args: [n], equals: n + 1 }));
const check = 'def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(2) == 3\n';
const PYTHON = '```python\nimport math\n\ndef f(x):\n    return math.floor(x) + 1\n```';
const KINDS = {
  Python: [{ language: 'python', function: 'f', tests }, PYTHON],
  'HumanEval’s form': [{ language: 'python', function: 'f', prompt: 'def f(x):\n', check }, PYTHON],
  JavaScript: [
    { language: 'javascript', function: 'f', tests },
    '```js\nconst f = (x) => Math.floor(x) + 1;\n```',
  ],
};

async function perSecond([value, text], atOnce) {
  const limit = pLimit(atOnce);
  const beganMs = performance.now();
  await Promise.all(
    Array.from({ length: answers }, () =>
      limit(async () => {
        const answered = { text, finishReason: 'stop', messages: [] };
        const { mark, reason } = await grader.grade(answered, { type: 'code', value }, signal);
        if (mark !== 'right') throw new Error(`a right answer is ${mark}: ${reason}`);
      }),
    ),
  );
  return (answers / (performance.now() - beganMs)) * 1000;
}

for (const language of ['python', 'javascript']) {
  const problem = await sandboxProblem(language); // found out once, not to be timed
  if (problem !== null) throw new Error(problem);
}
const processors = availableParallelism();
console.log(
  `| answers per second | one at a time | ${processors} at a time |\n| --- | --- | --- |`,
);
for (const [name, task] of Object.entries(KINDS)) {
  const figures = [await perSecond(task, 1), await perSecond(task, processors)];
  console.log(`| ${name} | ${figures.map((figure) => figure.toFixed(1)).join(' | ')} |`);
}
console.log(`\n${answers} answers each, Node ${process.version}, load ${loadavg()[0].toFixed(1)}`);
