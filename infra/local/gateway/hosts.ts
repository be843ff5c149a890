/** Decides by Host and Origin whether a request may come in; keeps web pages from elsewhere out of a server on loopback. */
import type { Refusal } from './answer.ts';

const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export interface HostRules {
  /** Names besides those of loopback that the server is reached by, without port. Default none. */
  readonly hosts?: readonly string[];
  /** Origins besides the server's own whose pages may call it, e.g. `https://studio.example`. Default none. */
  readonly origins?: readonly string[];
}

/**
 * Null where the request may pass. A foreign Host is a name that somebody pointed at this machine (DNS rebinding); a foreign
 * Origin is another site's page.
 */
export function checkHost(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  { hosts = [], origins = [] }: HostRules,
): Refusal | null {
  const host = (headers.host ?? '').toLowerCase();
  const name = host.replace(/:\d+$/, '');
  if (!LOOPBACK.test(name) && !hosts.includes(name)) {
    return {
      status: 421,
      message: `This server does not answer to the name ${JSON.stringify(name)}. Use localhost or 127.0.0.1, or start it with this host name allowed.`,
    };
  }
  const { origin } = headers;
  if (origin === undefined || origins.includes(origin) || hostOf(origin) === host) return null;
  return { status: 403, message: `Pages of ${JSON.stringify(origin)} may not use this server.` };
}

function hostOf(origin: string): string | null {
  try {
    const { protocol, host } = new URL(origin);
    return protocol === 'http:' || protocol === 'https:' ? host : null;
  } catch {
    return null;
  }
}
