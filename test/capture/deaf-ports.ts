import { spawn } from 'node:child_process';
import net from 'node:net';

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A process that listens and is then stopped: the kernel's queue is full, and no one empties it. */
export async function startDeafListener(): Promise<{ port: number; close(): void }> {
  const script = `const s = require('node:net').createServer();
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      process.stdout.write(s.address().port + '\\n', () => { process.kill(process.pid, 'SIGSTOP'); });
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await new Promise<number>((resolve) => {
    child.stdout?.once('data', (bytes: Buffer) => resolve(Number(bytes.toString())));
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const fillers = Array.from({ length: 8 }, () =>
    net.connect(port, '127.0.0.1').on('error', () => {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    close: () => {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
    },
  };
}
