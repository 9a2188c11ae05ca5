import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Target } from '../../src/config/types.ts';
import { formatProblems } from '../../src/diagnostics/format.ts';
import { openTokenizers } from '../../src/run/tokenizers.ts';
import { scratchFolder } from '../store/scratch.ts';
import { fixturePath } from '../tokens/fixtures.ts';
import { modelOf, targetOf } from './running.ts';

const scratch = scratchFolder();

/** A folder with a config of these models and a tokenizer in `vocab/`. */
function opening(name: string, models: string, targets: Target[] | null = null) {
  const cwd = path.join(scratch, name);
  mkdirSync(path.join(cwd, 'vocab'), { recursive: true });
  cpSync(fixturePath('byte-level'), path.join(cwd, 'vocab', 'tokenizer.json'));
  writeFileSync(path.join(cwd, 'vocab', 'broken.json'), '{');
  writeFileSync(path.join(cwd, 'bench.config.yaml'), `models:\n${models}`);
  const loaded = loadConfig({ cwd, env: {} });
  const { tokenizers, problems } = openTokenizers(loaded, targets, cwd);
  return { tokenizers, problems: problems.map((one) => formatProblems([one])) };
}

const GOOD = '  - name: a\n    tokenizer: ./vocab/tokenizer.json\n';
const ABSENT = '  - name: b\n    tokenizer: vocab/none.json\n';
const BROKEN = '  - name: c\n    tokenizer: vocab/broken.json\n';

describe('tokenizers of a config', () => {
  test('are found relative to the file, and known by what it writes', () => {
    const { tokenizers, problems } = opening('good', GOOD);
    expect(problems).toEqual([]);
    expect([...tokenizers.keys()]).toEqual(['./vocab/tokenizer.json']);
    expect(tokenizers.get('./vocab/tokenizer.json')?.identity.file).toBe('vocab/tokenizer.json');
  });

  test('every mistake has its place and a remedy', () => {
    const { problems } = opening('bad', GOOD + ABSENT + BROKEN);
    expect(problems).toEqual([
      "bench.config.yaml:5:16 models.1.tokenizer: vocab/none.json: no such file, give the path of the model's tokenizer.json, relative to the config",
      "bench.config.yaml:7:16 models.2.tokenizer: vocab/broken.json: is not valid JSON, give the path of the model's tokenizer.json, relative to the config",
    ]);
  });

  test('are told along with other mistakes of the file', () => {
    expect(opening('worse', `${ABSENT}    temperture: 3\n`).problems).toHaveLength(1);
  });

  test('of models that are not asked are left alone', () => {
    const asked = [targetOf('http://127.0.0.1:9/v1', [modelOf('a')])];
    expect(opening('asked', GOOD + ABSENT, asked)).toMatchObject({ problems: [] });
  });

  test('of an endpoint that names its models itself are all opened', () => {
    const target: Target = { ...targetOf('http://127.0.0.1:9/v1', []), models: 'subscribed' };
    expect(opening('subscribed', GOOD + ABSENT, [target]).problems).toHaveLength(1);
  });
});
