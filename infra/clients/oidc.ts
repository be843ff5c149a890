/** Tokens of an OpenID Connect issuer: whether one is good, and whose it is; knows no project and no role. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** What of a token counts. All else that an issuer writes into it is not looked at. */
export interface Claims {
  /** `sub`: who it is, for good. */
  readonly subject: string;
  /** `name`, or else `email`: what people call them. */
  readonly name: string | null;
  readonly expiresAt: Date;
}

/** The claims of a token; null where it proves nothing. Throws {@link IssuerUnreachable}. */
export type VerifyToken = (token: string) => Promise<Claims | null>;

export interface OidcOptions {
  /** As it stands in `iss`, to the letter. */
  readonly issuer: string;
  /** One of the values of `aud`. */
  readonly audience: string;
  /** Default the system's clock. */
  readonly now?: () => Date;
  /** Shortest time between two looks at the issuer's keys because of a token signed by an unknown one. Default 10 s. */
  readonly cooldownMs?: number;
}

/** The issuer's keys cannot be had, so that no token of its can be checked now. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Never a secret that both sides know: with one, whoever has the issuer's public key could sign (RFC 8725, 2.1). */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Seconds by which the clocks of issuer and server may differ. */
const CLOCK_SKEW = 30;
const TIMEOUT_MS = 5000;

/** Opens a verifier. The issuer is first asked when the first token comes. */
export function openOidc({ issuer, audience, now = () => new Date(), cooldownMs = 10_000 }: OidcOptions): VerifyToken {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (token) => {
    keys ??= discover(issuer, cooldownMs);
    try {
      const { payload } = await jwtVerify(token, await keys, {
        ...{ issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'] },
        ...{ clockTolerance: CLOCK_SKEW, currentDate: now() },
      });
      const { sub = '', exp = 0, name, email } = payload;
      if (sub === '') return null;
      return { subject: sub, name: textOf(name) ?? textOf(email), expiresAt: new Date(exp * 1000) };
    } catch (cause) {
      if (isFault(cause)) return null;
      if (cause instanceof IssuerUnreachable) {
        keys = undefined;
        throw cause;
      }
      throw new IssuerUnreachable(`The keys of ${issuer} cannot be read; no token of its can be checked.`, { cause });
    }
  };
}

/** Where the issuer's keys are (OpenID Connect Discovery 1.0, section 4). */
async function discover(issuer: string, cooldownDuration: number): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`It answered with ${response.status}.`);
    const { issuer: named, jwks_uri } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (named !== issuer) throw new Error(`It speaks for ${JSON.stringify(named)}.`);
    const keysUrl = new URL(String(jwks_uri));
    if (keysUrl.protocol !== 'https:' && keysUrl.protocol !== new URL(issuer).protocol) {
      throw new Error(`Its keys are at ${keysUrl}, where anybody on the way could change them.`);
    }
    return createRemoteJWKSet(keysUrl, { timeoutDuration: TIMEOUT_MS, cooldownDuration });
  } catch (cause) {
    throw new IssuerUnreachable(`The issuer ${issuer} cannot be asked for its keys at ${url}.`, { cause });
  }
}

/** Whether it is the token that is at fault, and not the way to the issuer's keys. */
function isFault(cause: unknown): boolean {
  if (!(cause instanceof errors.JOSEError)) return false;
  // What the library throws for an answer that is not 200, or no set of keys, has the general code.
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(cause.code);
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim.slice(0, 200) : null;
}
