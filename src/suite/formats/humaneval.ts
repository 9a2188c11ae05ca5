import { FieldReader, type PublicFormat, singlePrompt } from './format.ts';

const FIELDS = ['task_id', 'prompt', 'entry_point', 'test'];

/**
 * HumanEval: {task_id, prompt, entry_point, canonical_solution, test}; the prompt is the head of a Python
 * function, which the canonical solution goes on from, and the test defines `check(candidate)`.
 * @see https://github.com/openai/human-eval
 */
export const humaneval: PublicFormat = {
  fits: (record) => FIELDS.every((name) => typeof record[name] === 'string'),

  read(record) {
    const fields = new FieldReader(record);
    const [id = '', prompt = '', entryPoint = '', test = ''] = FIELDS.map((name) =>
      fields.text(name),
    );
    if (test !== '' && !/^def check\s*\(/m.test(test)) {
      fields.fault('the field test defines no function check');
    }
    if (entryPoint !== '' && !/^[A-Za-z_]\w*$/.test(entryPoint)) {
      fields.fault(`the field entry_point is no name of a function: ${entryPoint}`);
    }
    const solution = fields.has('canonical_solution') ? fields.text('canonical_solution') : null;
    if (fields.faults.length > 0) return fields.faults;
    const asked = `Complete this Python function. Answer with the whole function, with all that it imports or needs, in one block of code.\n\n${fenced(prompt)}`;
    const value = { language: 'python', function: entryPoint, prompt, check: test };
    return singlePrompt(asked, [{ type: 'code', value }], {
      ...{ id, wrong: fenced(`${prompt.trimEnd()}\n    pass\n`) },
      ...(solution !== null && { reference: fenced(prompt + solution) }),
    });
  },
};

function fenced(code: string): string {
  return `\`\`\`python\n${code.trimEnd()}\n\`\`\``;
}
