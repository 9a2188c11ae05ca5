// Loaded into each thread of a process under a soak: every five seconds a line of what its heap holds.
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const file = process.env.TOKENTAPE_SOAK_HEAP;
const line = () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const atMs = performance.timeOrigin + performance.now();
  return `${JSON.stringify({ threadId, atMs, heapUsed, external, arrayBuffers })}\n`;
};
if (file !== undefined) setInterval(() => appendFileSync(file, line()), 5000).unref();
