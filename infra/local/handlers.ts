/** The handlers behind the local stack: made of their sources, or the very bundles that a cloud gets; knows no event. */
import { pathToFileURL } from 'node:url';
import { makeAuthorize } from '../../functions/authorize.ts';
import { makeCatchUp } from '../../functions/catch-up.ts';
import { issueOptions, makeCredentials } from '../../functions/credentials.ts';
import { makeDeliver, type StorageEvent } from '../../functions/deliver.ts';
import { makeHttp } from '../../functions/http.ts';
import type { HttpHandler } from '../../functions/http-event.ts';
import { createLive } from '../../functions/live.ts';
import { makeReconcile } from '../../functions/reconcile.ts';
import { makeSocket } from '../../functions/socket.ts';
import type { AuthorizeHandler, SocketHandler } from '../../functions/socket-event.ts';
import { type BatchStateChange, makeStatus } from '../../functions/status.ts';
import type { Wired } from '../../functions/wire.ts';
import { bundleFunctions } from '../bundle/functions.ts';
import { SetupError } from '../setup/setup-error.mjs';

export interface Handlers {
  readonly http: HttpHandler;
  readonly authorize: AuthorizeHandler;
  readonly socket: SocketHandler;
  /** Null where jobs need none: the storage gives out nothing but its own keys. */
  readonly credentials: HttpHandler | null;
  readonly deliver: (event: StorageEvent) => Promise<void>;
  /** Delivers what no hint came for. */
  readonly catchUp: () => Promise<void>;
  readonly status: (event: BatchStateChange) => Promise<void>;
  readonly reconcile: () => Promise<void>;
}

/** What `GANWAY_E2E` chooses: `sources`, or `bundles` to rehearse with what is deployed. */
export function handlersMeant(value = process.env.GANWAY_E2E): 'sources' | 'bundles' {
  if (value === undefined || value === '' || value === 'sources') return 'sources';
  if (value === 'bundles') return 'bundles';
  throw new SetupError(`GANWAY_E2E must be sources or bundles, not ${value}.`);
}

export function sourceHandlers(wired: Wired): Handlers {
  const { env, g, log, authenticate, redeem } = wired;
  const issue = issueOptions(env);
  const live = createLive(wired);
  return {
    http: makeHttp({ g, log, authenticate, scheme: 'http' }),
    authorize: makeAuthorize({ authenticate, redeem, log, scheme: 'http' }),
    socket: makeSocket(live),
    credentials: issue && makeCredentials({ g, log, issue }),
    deliver: makeDeliver(live),
    catchUp: makeCatchUp(live),
    status: makeStatus(g),
    reconcile: makeReconcile(g, [g.settings.defaultProject]),
  };
}

/**
 * Bundles every function into `folder` and takes the handlers from there. Each bundle has its own copy of everything, as
 * each Lambda has, and reads its environment from the process, at its first event: so `environment` is set there for good.
 */
export async function bundledHandlers(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Handlers> {
  Object.assign(process.env, environment);
  const bundles = await bundleFunctions(folder);
  const handlerOf = async <Handler>(name: string): Promise<Handler> => {
    const file = bundles[name]?.file;
    if (file === undefined) throw new TypeError(`There is no bundle of functions/${name}.ts.`);
    return ((await import(pathToFileURL(file).href)) as { readonly handler: Handler }).handler;
  };
  const [catchUp, reconcile] = [
    await handlerOf<(event: unknown) => Promise<void>>('catch-up'),
    await handlerOf<(event: unknown) => Promise<void>>('reconcile'),
  ];
  const schedule = () => ({ time: new Date().toISOString() });
  return {
    http: await handlerOf('http'),
    authorize: await handlerOf('authorize'),
    socket: await handlerOf('socket'),
    credentials: await handlerOf('credentials'),
    deliver: await handlerOf('deliver'),
    catchUp: () => catchUp(schedule()),
    status: await handlerOf('status'),
    reconcile: () => reconcile(schedule()),
  };
}
