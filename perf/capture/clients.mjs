// The clients that are compared, each a process of its own that prints one line of JSON.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const peers = fileURLToPath(new URL('../peers/', import.meta.url));
/** What is made on demand: a Python virtual environment, a binary. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/tokentape-perf/', import.meta.url));

const node = (file) => () => (load) => [
  process.execPath,
  [path.join(peers, file), JSON.stringify(load)],
];
const python = (file) => () => {
  const interpreter = pythonEnvironment();
  return (load) => [interpreter, [path.join(peers, file), JSON.stringify(load)]];
};

/** Each `prepare` gives the command for a load, or throws a word on why it cannot. */
const CLIENTS = {
  tokentape: { title: 'tokentape, whole', prepare: node('tokentape.mjs') },
  aiohttp: { title: "aiohttp, as vLLM's benchmark", prepare: python('aiohttp_client.py') },
  sdk: { title: 'openai SDK iterator', prepare: node('sdk.mjs') },
  undici: { title: 'undici fetch reader', prepare: node('undici.mjs') },
  httpx: { title: 'httpx, as GuideLLM', prepare: python('httpx_client.py') },
  c: { title: 'C epoll loop: reads and stamps only', prepare: epollLoop },
};

export const CLIENT_NAMES = Object.keys(CLIENTS);

/** @returns the clients that can run here, and a word for each that cannot */
export function prepareClients(names) {
  const clients = [];
  const skipped = [];
  for (const name of names) {
    const { title, prepare } = CLIENTS[name];
    try {
      clients.push({ name, title, command: prepare() });
    } catch (error) {
      skipped.push(`${title}: ${error.message}`);
    }
  }
  return { clients, skipped };
}

/** Runs a client under a load, and gives what it reports; `onStart` is told its process id. */
export function runClient(client, load, onStart) {
  const [command, args] = client.command(load);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    onStart(child.pid);
    let out = '';
    let err = '';
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(`${client.name} ended ${code}: ${err.trim().slice(-2000)}`));
    });
  });
}

function epollLoop() {
  const source = path.join(peers, 'epoll.c');
  const binary = path.join(cache, 'epoll');
  mkdirSync(cache, { recursive: true });
  try {
    execFileSync('cc', ['-O2', '-o', binary, source], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error(error.code === 'ENOENT' ? 'no C compiler (cc)' : `cc: ${error.stderr}`);
  }
  return ({ url, streams, requests, schedule, errorsFile }) => {
    const body = {
      model: 'ground-truth',
      messages: [{ role: 'user', content: 'Go.' }],
      stream: true,
      stream_options: { include_usage: true },
      ground_truth: schedule,
    };
    const numbers = [new URL(url).port, streams, requests].map(String);
    return [binary, [...numbers, errorsFile, JSON.stringify(body)]];
  };
}

let environment;
/** A virtual environment with what the Python clients need, made the first time. */
function pythonEnvironment() {
  environment ??= makeEnvironment();
  if (environment instanceof Error) throw environment;
  return environment;
}

function makeEnvironment() {
  const requirements = path.join(peers, 'requirements.txt');
  const folder = path.join(cache, 'venv');
  const interpreter = path.join(folder, 'bin', 'python');
  const made = path.join(folder, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return interpreter;
  const run = (command, args) =>
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  try {
    run('python3', ['-m', 'venv', folder]);
    run(interpreter, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    writeFileSync(made, wanted);
    return interpreter;
  } catch (error) {
    if (error.code === 'ENOENT') return new Error('no Python (python3)');
    return new Error(`no Python environment: ${String(error.stderr).trim().split('\n').at(-1)}`);
  }
}
