/** Looks whether a port can be had, before anything is started that would have to be ended again. */
import { createServer } from 'node:net';

/**
 * Takes the port on loopback and lets it go. 0 is always free.
 *
 * @throws Error with a sentence for the user; the system's error, with its code, is the cause
 */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listenOn(server, port);
  await new Promise<void>((done) => server.close(() => done()));
}

/** Listens, or says in a sentence why not. */
export function listenOn(
  server: {
    listen(port: number, host: string, done: () => void): unknown;
    once(event: 'error', listener: (error: Error) => void): unknown;
  },
  port: number,
  host = '127.0.0.1',
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Stop what uses it, or choose another with --port.`
          : `The gateway cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new Error(reason, { cause }));
    });
    server.listen(port, host, resolve);
  });
}
