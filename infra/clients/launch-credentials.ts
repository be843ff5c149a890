/** Credentials of a job's launch, asked for at the credential endpoint and again before they end; knows no storage. */
import * as v from 'valibot';
import type { ExpiringCredentials } from './credentials.ts';

/** Where credentials are had, and for what. */
export interface LaunchAccess {
  /** Of the endpoint: `POST` to it. */
  readonly url: string;
  readonly token: string;
}

/** The endpoint's last word: this launch gets no credentials any more. `OVER`: its run goes on without it or has ended. */
export class LaunchRefused extends Error {
  override readonly name = 'LaunchRefused';
  readonly why: 'OVER' | 'UNPROVEN';
  constructor(why: LaunchRefused['why'], message: string) {
    super(message);
    this.why = why;
  }
}

export interface LaunchCredentialsOptions extends LaunchAccess {
  /** Called when there are no credentials to go on with and will be none. */
  readonly onRefused?: ((error: LaunchRefused) => void) | undefined;
  /** Milliseconds of the epoch, default the system's clock. */
  readonly now?: () => number;
}

/** New ones are asked for so long before the old ones end, milliseconds; the SDK asks no earlier than five minutes before. */
const EARLY_MS = 5 * 60_000;
/** A request that is under way when they end is refused. */
const MARGIN_MS = 10_000;
/** While the old ones are good, a failed question is not asked again sooner. */
const PAUSE_MS = 2_000;
/** A cold start of the endpoint and its question to STS have this long. */
const ANSWER_MS = 15_000;

const answer = v.object({
  accessKeyId: v.string(),
  secretAccessKey: v.string(),
  sessionToken: v.string(),
  expiration: v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => new Date(text)),
  ),
});

/**
 * A provider for the clients of the SDK. Held credentials are given until shortly before they end, whatever becomes of the
 * question for new ones; so an endpoint that is down for less than five minutes is not noticed.
 *
 * @returns a function that throws {@link LaunchRefused}, or another Error where it is worth asking again
 */
export function launchCredentials(options: LaunchCredentialsOptions): () => Promise<ExpiringCredentials> {
  const { url, token, onRefused, now = Date.now } = options;
  let held: ExpiringCredentials | null = null;
  let asking: Promise<ExpiringCredentials> | null = null;
  let notBefore = Number.NEGATIVE_INFINITY;

  const left = (): number => (held === null ? 0 : held.expiration.getTime() - now());
  const ask = (): Promise<ExpiringCredentials> => {
    asking ??= exchange(url, token)
      .then((given) => {
        held = given;
        return given;
      })
      .finally(() => {
        asking = null;
        notBefore = now() + PAUSE_MS;
      });
    return asking;
  };

  return async () => {
    if (held !== null && left() > MARGIN_MS) {
      // Nobody waits for the new ones as long as the old ones do.
      if (left() <= EARLY_MS && now() >= notBefore) ask().catch(() => {});
      return held;
    }
    try {
      return await ask();
    } catch (error) {
      if (error instanceof LaunchRefused) onRefused?.(error);
      throw error;
    }
  };
}

async function exchange(url: string, token: string): Promise<ExpiringCredentials> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const body = await response.text();
  if (response.status === 401 || response.status === 403) {
    throw new LaunchRefused(response.status === 401 ? 'UNPROVEN' : 'OVER', messageIn(body));
  }
  if (!response.ok) throw new Error(`The credential endpoint answers ${response.status}: ${messageIn(body)}`);
  return v.parse(answer, JSON.parse(body));
}

/** What the endpoint says about a refusal; the text itself where somebody else answers. */
function messageIn(body: string): string {
  try {
    return v.parse(v.object({ message: v.string() }), JSON.parse(body)).message;
  } catch {
    return body.slice(0, 200);
  }
}
