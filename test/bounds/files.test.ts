import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBoundedText } from '../../src/bounded-read.ts';
import { configSchema } from '../../src/config/schema.ts';
import { readYaml } from '../../src/diagnostics/yaml.ts';
import { readPlan } from '../../src/store/plan-file.ts';
import { openRun, readTapes, type StoredRun } from '../../src/store/read.ts';
import { loadSuite } from '../../src/suite/load.ts';
import { openTokenizer } from '../../src/tokens/tokenizer.ts';
import { runCli } from '../commands/run-cli.ts';
import { scratchFolder } from '../store/scratch.ts';

const folder = scratchFolder();
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** Promised is one second of this thread; CI's may be slower, and what has no bound takes minutes. */
const CPU_MS_MAX = 3000;

/** Seconds of the processor, which a busy machine does not lengthen as it does the clock's. */
function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A file that is said to be so long, and takes no room. */
function sparse(name: string, bytes: number): string {
  const file = path.join(folder, name);
  writeFileSync(file, '');
  truncateSync(file, bytes);
  return file;
}

function written(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('YAML that is not what it was meant to be', () => {
  const laughs = many(9, (i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`);
  test.each<[string, string, RegExp]>([
    ['billion laughs', `a0: &a0 [x]\n${laughs}`, /aliases stand for over/],
    ['wide aliases', `a: &a [${'x,'.repeat(1000)}]\nb:\n${'  - *a\n'.repeat(1900)}`, /stand for/],
    ['aliases of little', `a: &a 1\nb:\n${'  - *a\n'.repeat(50_000)}`, /over 2000 aliases/],
    ['flow without end', '['.repeat(100_000), /over 100 levels/],
    ['dashes without end', '- '.repeat(100_000), /over 100 levels/],
    ['closing without opening', ']'.repeat(100_000), /cannot be read/],
    ['a million keys', many(400_000, (i) => `k${i}:`), /over 300000 words/],
    ['empty values', `a: [${'{},'.repeat(190_000)}]`, /over 300000 words/],
    ['comments alone', '# c\n'.repeat(1_000_000), /over 300000 words/],
    ['blank lines alone', '\n'.repeat(5_000_000), /over 300000 words/],
    ['tags', `a:\n${'  - !x y\n'.repeat(30_000)}`, /unknown key|is not taken/],
    ['a tag of megabytes', '!'.repeat(4_000_000), /^.{0,400}$/s],
    ['an alias of megabytes', `a: *${'x'.repeat(4_000_000)}`, /^.{0,400}$/s],
    ['a key of megabytes', `${'x'.repeat(4_000_000)}: 1`, /^.{0,700}$/s],
    ['a duplicate key', 'targets: {}\ntargets: {}', /duplicate key/],
    ['duplicate keys', 'targets: {}\n'.repeat(20_000), /duplicate key/],
    ['__proto__', '__proto__: {a: 1}', /never taken/],
    ['a cycle', 'a: &a [*a]', /no anchor/],
    ['NUL', 'targets: \0{}', /./],
  ])('%s', (_, text, message) => {
    let said = '';
    const cpuMs = cpuMsOf(() => {
      const { value, problems } = readYaml(text, 'b.yaml', configSchema);
      expect(value).toBeUndefined();
      said = problems
        .slice(0, 2)
        .map(({ path: at, message: why }) => `${at} ${why}`)
        .join('; ');
    });
    expect(said).toMatch(message);
    expect(cpuMs).toBeLessThan(CPU_MS_MAX);
  });
});

describe('files that are larger than they may be', () => {
  const refuses = (work: () => unknown, message: RegExp): void => {
    let said = '';
    const before = process.memoryUsage().rss;
    const cpuMs = cpuMsOf(() => {
      try {
        said = JSON.stringify(work());
      } catch (error) {
        said = String(error);
      }
    });
    expect(said).toMatch(message);
    expect(cpuMs).toBeLessThan(CPU_MS_MAX);
    expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(300);
  };
  const problemsOf = (name: string): unknown => loadSuite(name, [], '1').problems;
  const suiteOver = (data: string, format = 'jsonl'): string =>
    written(
      `over-${path.basename(data)}-${format}.yaml`,
      `description: d\ndata:\n  - {file: ${data}, format: ${format}, map: {prompt: q}}\n`,
    );

  test('by their size, before a byte is read', () => {
    const large = sparse('large.yaml', GIB);
    refuses(() => readBoundedText(large, 5 * MIB), /larger than 5 MiB/);
    refuses(() => problemsOf(large), /larger than 5 MiB/);
    refuses(() => openTokenizer(sparse('tokenizer.json', GIB)), /larger than 128 MiB/);
  });

  test('devices and pipes, where they pass it', () => {
    refuses(() => readBoundedText('/dev/zero', MIB), /larger than 1 MiB/);
    refuses(() => problemsOf(suiteOver('/dev/zero')), /leads out of the folder/);
  });

  test('a pipe that somebody writes to without end', async () => {
    const pipe = path.join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    const { spawn } = await import('node:child_process');
    const writer = spawn('sh', ['-c', `exec cat /dev/zero > ${pipe}`], { stdio: 'ignore' });
    refuses(() => readBoundedText(pipe, 5 * MIB), /larger than 5 MiB/);
    writer.kill();
  });

  test('data: a line of a gigabyte, a record of 100 MB, a bomb', () => {
    refuses(() => problemsOf(suiteOver(sparse('line.jsonl', GIB))), /line of over 16 MiB/);
    refuses(() => problemsOf(suiteOver(sparse('line.csv', GIB), 'csv')), /line of over 16 MiB/);
    const record = `[{"q": "${'x'.repeat(100_000_000)}"}]`;
    refuses(() => problemsOf(suiteOver(written('record.json', record), 'json')), /longer than 16/);
    const bomb = written('bomb.jsonl.gz', gzipSync(Buffer.alloc(256 * MIB)));
    refuses(() => problemsOf(suiteOver(bomb)), /unpacks to over 64 MiB/);
    refuses(() => problemsOf(bomb), /unpacks to over 64 MiB/);
  });

  test('text that is no UTF-8', () => {
    const utf16 = written('utf16.yaml', Buffer.from('\ufefftargets: {}', 'utf16le'));
    refuses(() => readBoundedText(utf16, MIB), /UTF-16: save it as UTF-8/);
    const broken = written('broken.yaml', Buffer.from('ok: 1\nbad: \xff', 'latin1'));
    refuses(() => readBoundedText(broken, MIB), /line 2, column 6: it is not UTF-8/);
  });

  test('a plan and tapes that are bombs', async () => {
    const run = { path: folder, manifest: {} } as StoredRun;
    written('plan.ndjson.gz', gzipSync(Buffer.alloc(256 * MIB, 'x')));
    await expect(readPlan(run)).rejects.toThrow(/a line of more than 32 MiB/);
    const header = '{"schema_version":1,"run_id":"r","simulated":true,"requests":2}\n';
    const prompts = '{"prompt_id":"p1","messages":[],"expect":[]}\n'.repeat(100_000);
    written('plan.ndjson.gz', gzipSync(header + prompts));
    await expect(readPlan(run)).rejects.toThrow(/more than its header says/);
    written('tapes.ndjson.gz', gzipSync(Buffer.alloc(256 * MIB, 'x')));
    await expect(readTapes(run).next()).rejects.toThrow(/a line of more than 128 MiB/);
    rmSync(path.join(folder, 'pipe.yaml'));
    sparse('manifest.json', GIB);
    await expect(openRun(folder, folder)).rejects.toThrow(/larger than 64 MiB/);
  });
});

test('the command says it in one line, and ends 2', async () => {
  const config = sparse('hundred.yaml', 100 * MIB);
  const { code, stderr } = await runCli(['run', '-c', config], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(`tokentape: ${config} cannot be read: it is larger than 5 MiB\n`);
});
