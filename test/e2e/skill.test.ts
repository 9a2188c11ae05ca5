import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/skill.mjs', import.meta.url));

/** Of code, whose thousand processes take minutes, `npm run suites:skill` tells, and graded.test.ts a part. */
test('every answer over sockets is graded as it was meant, and accuracy is the skill set', async () => {
  const child = spawn(process.execPath, [SCRIPT, '--no-code'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, 'exit');
  expect(said).toMatch(/^\d+ answers graded; 0 not as they were meant$/m);
  expect(code, said).toBe(0);
}, 600_000);
