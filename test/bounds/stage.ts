import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type FaultServer,
  type RawRequest,
  startFaultServer,
  whole,
} from '../capture/fault-server.ts';
import { startFrameServer } from '../capture/http2-frames.ts';
import { chunk, DONE } from '../decode/tapes.ts';
import { VILLAINS, type Villain } from './villains.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** What a model says that behaves. */
export const WELL =
  chunk({ content: 'one two three' }).repeat(20) + chunk({}, { finish_reason: 'stop' }) + DONE;

/** The model's name is the villain's, as a name may be written. */
export function modelName(villain: string): string {
  return villain.replace(/[^A-Za-z0-9]+/g, '-');
}

/** A server of HTTP/1.1 on which each villain is a model, and `well` one that behaves. */
export function startVillains(): Promise<FaultServer> {
  const byModel = new Map(VILLAINS.map((villain) => [modelName(villain.name), villain]));
  return startFaultServer((peer, request) => {
    // Several models may be the same villain: `name.1`, `name.2`.
    const villain = byModel.get(modelOf(request).replace(/\.\d+$/, ''));
    return villain === undefined ? peer.write(whole(WELL)) : villain.play(peer);
  });
}

/** A server of HTTP/2 that plays one villain on each connection. */
export function startHttp2Villain(villain: Villain): Promise<FaultServer> {
  return startFrameServer((peer) => villain.play(peer));
}

function modelOf({ body }: RawRequest): string {
  return (JSON.parse(body) as { model: string }).model;
}

/** The simulator in a process of its own, so that no flood of this one delays what it sends. */
export async function startSteady(): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [CLI, 'simulate', '--port', '0', '--seed', '1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  for (let tries = 0; tries < 200; tries++) {
    const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port !== undefined) return { port: Number(port), child };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`the simulator did not start: ${said}`);
}
