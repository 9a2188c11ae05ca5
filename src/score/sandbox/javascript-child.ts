import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from 'quickjs-emscripten-core';
import type { JsonObject } from '../../json.ts';
import { intl } from './javascript-intl.ts';
import { sandboxSource } from './source.ts';

/**
 * Entry of the child that runs JavaScript: an interpreter compiled to WebAssembly, which has no way
 * to a file, a socket or a process, because nothing of the kind is handed to it. Two texts cross the
 * border, a request and a reply, and questions about locales. The inside is in quickjs/.
 */
const REPLIES = 3;
const REPLY_BYTES = 2 ** 20;
/** About as many calls deep as Node itself; `--stack-size` in javascript.ts goes with it. */
const STACK_BYTES = 1_700_000;
const PARTS = ['surroundings', 'locales', 'modules', 'values', 'requests'];

interface Setup extends JsonObject {
  memory_bytes: number;
  timeout_ms: number;
}

// Most answers are done before V8's optimising of the interpreter pays: 0.1 s of processor time each.
setFlagsFromString('--wasm-tiering-budget=100000000');

// Whoever asks is gone: what waits for a timer would stay until it is due.
process.stdin.once('end', () => process.exit(0));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const setup = JSON.parse(await nextLine()) as Setup;
const vm = await newVm(setup);
const handle = prepared();
send({ ready: true });
for (;;) await answer(await nextLine());

async function newVm({ memory_bytes }: Setup): Promise<QuickJSContext> {
  const quickjs = await newQuickJSWASMModuleFromVariant(
    import('@jitl/quickjs-ng-wasmfile-release-sync'),
  );
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(memory_bytes);
  runtime.setMaxStackSize(STACK_BYTES);
  const context = runtime.newContext();
  context
    .newFunction('intl', (question) => context.newString(intl(context.getString(question))))
    .consume((intlHandle) => context.setProp(context.global, 'intl', intlHandle));
  return context;
}

/** Lays out the inside, part by part; the last gives the function that answers requests. */
function prepared(): QuickJSHandle {
  const parts = vm.newObject();
  for (const name of PARTS) {
    const source = readFileSync(sandboxSource(`quickjs/${name}.js`), 'utf8');
    const part = vm.unwrapResult(vm.evalCode(source, `${name}.js`));
    vm.unwrapResult(vm.callFunction(part, vm.undefined, parts)).dispose();
    part.dispose();
  }
  return vm.getProp(parts, 'answer');
}

/** Whoever started this keeps the time; a child left alone ends itself. */
function limitTime(): void {
  const mostMicros = processorMicros() + (setup.timeout_ms + 2_000) * 1000;
  vm.runtime.setInterruptHandler(() => {
    if (processorMicros() > mostMicros) process.exit(1);
    return false;
  });
}

function processorMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** One request, and its reply when all that it waits for has come. */
async function answer(request: string): Promise<void> {
  limitTime();
  let reply = call(request);
  for (let _turn = 0; reply === ''; _turn++) {
    const jobs = vm.runtime.executePendingJobs();
    if (jobs.error) {
      jobs.error.dispose();
      return send({ memory: true });
    }
    // Timers inside run when they are due: `poll` gives the reply, or how long to wait for one.
    reply = call('{"poll":true}');
    const [, wait] = /^wait (\d+)$/.exec(reply) ?? [];
    if (wait !== undefined) {
      if (Number(wait) > 0) await new Promise((resolve) => setTimeout(resolve, Number(wait)));
      reply = '';
    }
  }
  if (reply.length > REPLY_BYTES) send({ unsendable: 'longer than 1 MiB' });
  else writeSync(REPLIES, `${reply}\n`);
}

/** What the inside says; empty where it says nothing yet. */
function call(request: string): string {
  const text = vm.newString(request);
  const result = called(text);
  text.dispose();
  // The inside catches all errors but those of memory.
  if (result.error) {
    result.error.dispose();
    return '{"memory":true}';
  }
  return taken(result.value);
}

function called(text: QuickJSHandle) {
  try {
    return vm.callFunction(handle, vm.undefined, text);
  } catch (error) {
    // V8's own stack is at its end before the interpreter's; what was half done cannot go on.
    send({ raised: error instanceof RangeError ? String(error) : 'the interpreter failed' });
    process.exit(0);
  }
}

function taken(value: QuickJSHandle): string {
  const text = vm.typeof(value) === 'string' ? vm.getString(value) : '';
  value.dispose();
  return text;
}

function send(reply: JsonObject): void {
  writeSync(REPLIES, `${JSON.stringify(reply)}\n`);
}

async function nextLine(): Promise<string> {
  const { value, done } = await lines.next();
  if (done) process.exit(0);
  return value;
}
