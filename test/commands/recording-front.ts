import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request body as a server sees it. */
export interface SeenRequest {
  model: string;
  messages: { role: string; content: string }[];
}

export interface RecordingFront {
  /** Base URL. */
  url: string;
  /** Every body that came, in order. */
  seen: SeenRequest[];
  close(): Promise<void>;
}

/** A server that writes down what it is asked, and has another one answer. */
export async function startRecordingFront(upstreamUrl: string): Promise<RecordingFront> {
  const upstream = new URL(upstreamUrl);
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    if (incoming.method === 'POST') seen.push(JSON.parse(body.toString('utf8')));
    const { hostname, port } = upstream;
    const { method, url: path, headers } = incoming;
    const passedOn = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passedOn.on('error', () => response.destroy());
    response.on('close', () => passedOn.destroy());
    passedOn.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${upstream.pathname}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
