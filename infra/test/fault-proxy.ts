/** An HTTP proxy that misbehaves on demand: it loses replies after the server has acted, stalls, or answers errors; knows no protocol but HTTP. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What happens to one request: `lose` forwards it and cuts the connection instead of replying, `truncate` cuts it in
 * the middle of the reply's body, `stall` never replies, a number is sent as the status without forwarding.
 */
export type Fault = 'lose' | 'truncate' | 'stall' | number | null;

export interface FaultProxy {
  /** Scheme, host and port to use in place of the server's. */
  readonly url: string;
  /** Decides about each request from now on; the count of requests begins anew at 1. */
  onRequest(decide: (request: IncomingMessage, count: number) => Fault): void;
  close(): Promise<void>;
}

async function handle(target: URL, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
  const body = await buffer(incoming);
  if (fault === 'stall') return;
  if (typeof fault === 'number') {
    outgoing.writeHead(fault).end();
    return;
  }
  const { method, headers, url: path } = incoming;
  // The Host header is part of S3's signature and goes through as it is.
  const options = { host: target.hostname, port: target.port, method, headers, path, agent: false };
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(options, resolve).on('error', reject).end(body);
  });
  const payload = await buffer(reply);
  if (fault === 'lose') {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
  if (fault === 'truncate') {
    outgoing.write(payload.subarray(0, payload.length / 2), () => incoming.socket.destroy());
    return;
  }
  outgoing.end(payload);
}

/** Starts the proxy on a free port of the loopback interface; it lets everything through until told otherwise. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let decide: (request: IncomingMessage, count: number) => Fault = () => null;
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    handle(new URL(target), incoming, outgoing, decide(incoming, ++count)).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest(next) {
      decide = next;
      count = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
