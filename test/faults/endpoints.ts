import {
  type Certificate,
  makeCertificate,
  makeExpiredCertificate,
} from '../capture/certificates.ts';
import { startConnectProxy } from '../capture/connect-proxy.ts';
import { closedPort, startDeafListener } from '../capture/deaf-ports.ts';
import { type FaultServer, type Peer, startFaultServer } from '../capture/fault-server.ts';
import { startFrameServer } from '../capture/http2-frames.ts';
import { type Http2Exchange, startHttp2Server } from '../capture/http2-server.ts';
import { type Exchange, http1Exchange, http2Exchange } from './exchange.ts';
import { ANY_FAULT, type Fault, type Place, readPrompt, SECURE, type Wire } from './fault.ts';
import { faultNamed, HEALTHY } from './rows.ts';

/** A request that reached a server. */
export interface Arrival {
  fault: string;
  model: string;
  tag: string;
  /** From 1: how often this request had come by then. */
  hit: number;
}

/** Servers that commit every fault, each request the one that its prompt names. */
export interface FaultEndpoints {
  /** Where a request that asks for the fault has to go. */
  baseUrl(fault: Fault, wire: Wire): string;
  /** PEM of those whose word counts; the certificates that are bad in another way are among them. */
  ca: string;
  /** Variables that a client needs to meet the proxies. */
  environment: Record<string, string>;
  arrivals: Arrival[];
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

const NAMES = 'DNS:localhost,IP:127.0.0.1';
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n';
const PROXY_HOSTS: Partial<Record<Place, string>> = {
  proxy_refuses: 'refuses.invalid',
  proxy_closes: 'closes.invalid',
  proxy_hangs: 'hangs.invalid',
};

/**
 * Starts all of them, on ports of this machine.
 * @param choose the fault for a model and a tag, where a prompt leaves it open by naming `any`
 */
export async function startFaultEndpoints(
  choose: (model: string, tag: string) => string = () => HEALTHY.name,
): Promise<FaultEndpoints> {
  const own = makeCertificate(NAMES);
  const foreign = makeCertificate('DNS:elsewhere.example');
  const expired = makeExpiredCertificate(NAMES);
  const desk = new Desk(choose);
  const onRequest = (peer: Peer, { line, body }: { line: string; body: string }): void =>
    desk.play(line, body, (hit) => http1Exchange(peer, hit));
  const onStream = (exchange: Http2Exchange): void => {
    const { stream, headers } = exchange;
    let body = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    const line = `${headers[':method']} ${headers[':path']}`;
    stream.on('end', () => desk.play(line, body, (hit) => http2Exchange(exchange, hit)));
  };
  const onFrames = (peer: Peer, body: string): void =>
    desk.play('POST', body, (hit) => http1Exchange(peer, hit));
  const onConnection = (then: (peer: Peer) => unknown) => ({ onConnection: then });

  const servers = {
    http: await startFaultServer(onRequest),
    https: await startFaultServer(onRequest, { secure: own }),
    h2c: await startHttp2Server(onStream),
    h2: await startHttp2Server(onStream, own),
    frames: await startFrameServer(() => {}, onFrames),
    frames_secure: await startFrameServer(() => {}, onFrames, own),
    untrusted: await secured(makeCertificate(NAMES)),
    wrong_name: await secured(foreign),
    expired: await secured(expired),
    hangs: await startFaultServer(() => {}),
    hangs_up: await startFaultServer(() => {}, onConnection(resetOnHello)),
    closes: await startFaultServer(
      () => {},
      onConnection((peer) => peer.fin()),
    ),
    not_tls: await startFaultServer(
      () => {},
      onConnection((peer) => peer.write(BAD_REQUEST)),
    ),
    other_protocol: await startFaultServer((peer) => peer.write(BAD_REQUEST)),
    other_protocol_secure: await startFaultServer((peer) => peer.write(BAD_REQUEST), {
      secure: own,
    }),
    http1_only: await startFaultServer(() => {}, {
      secure: { ...own, ALPNProtocols: ['http/1.1'] },
    }),
  };
  const deaf = await startDeafListener();
  const refused = await closedPort();
  const proxy = await startConnectProxy(servers.http.port, (asked) => {
    if (asked.includes('refuses.invalid')) return 'HTTP/1.1 403 Forbidden\r\n\r\n';
    return asked.includes('closes.invalid') ? '' : undefined;
  });
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;

  return {
    ca: [own, foreign, expired].map(({ cert }) => cert).join(''),
    environment: { http_proxy: proxyUrl, https_proxy: proxyUrl, no_proxy: 'nowhere.invalid' },
    arrivals: desk.arrivals,
    baseUrl: ({ at }, wire) => {
      const scheme = SECURE.includes(wire) ? 'https' : 'http';
      const here = (port: number): string => `${scheme}://127.0.0.1:${port}/v1`;
      if (at === undefined) return here(servers[wire].port);
      if (at === 'nowhere') return `${scheme}://nowhere.invalid/v1`;
      if (at === 'refused') return here(refused);
      if (at === 'unanswered') return here(deaf.port);
      if ((at === 'other_protocol' || at === 'frames') && wire === 'h2') {
        return here(servers[`${at}_secure`].port);
      }
      if (at === 'proxy_refuses' || at === 'proxy_closes' || at === 'proxy_hangs') {
        return `${scheme}://${PROXY_HOSTS[at]}/v1`;
      }
      return here(servers[at].port);
    },
    open: () => Object.values(servers).reduce((sum, server) => sum + server.open(), 0),
    close: async () => {
      deaf.close();
      await Promise.all([proxy, ...Object.values(servers)].map((server) => server.close()));
    },
  };
}

function secured(certificate: Certificate): Promise<FaultServer> {
  return startFaultServer(() => {}, { secure: certificate });
}

/** In the handshake: before it, a client that is slow to look finds no connection at all. */
function resetOnHello(peer: Peer): void {
  peer.socket.once('data', () => peer.reset());
}

/** Reads what a request asks for, keeps count of it, and has it played. */
class Desk {
  readonly arrivals: Arrival[] = [];
  readonly #hits = new Map<string, number>();
  readonly #choose: (model: string, tag: string) => string;

  constructor(choose: (model: string, tag: string) => string) {
    this.#choose = choose;
  }

  play(line: string, body: string, exchangeOf: (hit: number) => Exchange): void {
    if (line.startsWith('GET')) return void refuseListing(exchangeOf(1));
    const asked = readPrompt(body) ?? { name: HEALTHY.name, tag: '' };
    const { model } = JSON.parse(body) as { model: string };
    const { tag } = asked;
    const name = asked.name === ANY_FAULT ? this.#choose(model, tag) : asked.name;
    const key = `${name}:${model}:${tag}`;
    const hit = (this.#hits.get(key) ?? 0) + 1;
    this.#hits.set(key, hit);
    this.arrivals.push({ fault: name, model, tag, hit });
    void faultNamed(name).play?.(exchangeOf(hit));
  }
}

/** These servers keep no list of models. */
async function refuseListing(exchange: Exchange): Promise<void> {
  await exchange.head({ status: 404, headers: { 'content-type': 'application/json' } });
  await exchange.end();
}
