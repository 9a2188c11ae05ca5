// From `npm run bench` to the first request at the server, with calibration off, sources compiled.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../capture/figures.mjs';
import { row } from '../capture/targets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TRIES = 5;

export async function measureStart() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tokentape-start-'));
  let onRequest = () => {};
  const server = createServer((request, response) => {
    onRequest();
    request.resume();
    response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address();
    const config = path.join(scratch, 'bench.config.yaml');
    const targets = { here: { base_url: `http://127.0.0.1:${port}/v1` } };
    writeFileSync(config, JSON.stringify({ targets, models: [{ name: 'any' }] }));
    const flags = ['-c', config, '-s', 'smoke', '-n', '1', '-o', path.join(scratch, 'results')];
    const triesMs = [];
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const startedMs = performance.now();
      const asked = new Promise((resolve) => {
        onRequest = () => resolve(performance.now() - startedMs);
      });
      const child = spawn('npm', ['run', '--silent', 'bench', '--', ...flags], {
        cwd: root,
        env: { ...process.env, TOKENTAPE_CALIBRATE: 'off' },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit').then(() => null);
      const ms = await Promise.race([asked, ended]);
      if (ms === null) throw new Error('npm run bench ended without a request');
      triesMs.push(ms);
      await ended;
    }
    return row(
      'from `npm run bench` to the first request, calibration off',
      '≤ 1 s',
      median(triesMs),
      (ms) => [`${(ms / 1000).toFixed(2)} s, median of ${TRIES}`, ms <= 1000],
    );
  } finally {
    server.close();
    rmSync(scratch, { recursive: true });
  }
}
