/** Credentials for the job of a launch, in exchange for its token: as long as the launch is the newest of a run that goes on; knows no vendor. */
import type { Ganway } from '../ganway.ts';
import type { CredentialIssuer, Credentials } from '../storage/ports.ts';
import { verifyLaunchToken } from './launch-token.ts';
import { loadRun } from './load.ts';
import { type Bucket, sessionPolicy } from './session-policy.ts';
import { isTerminal } from './state.ts';
import { jobName } from './submit.ts';

/** How long credentials are good, seconds: the most that a role may give that was itself assumed (role chaining). */
export const CREDENTIALS_SECONDS = 3600;

export type IssueOutcome =
  | { readonly kind: 'issued'; readonly credentials: Credentials }
  /** The token proves nothing. */
  | { readonly kind: 'unproven'; readonly reason: 'EXPIRED' | 'INVALID' }
  /** The launch is over: its run has ended, is gone, or goes on by another launch. */
  | { readonly kind: 'over'; readonly message: string };

export interface IssueOptions {
  readonly issuer: CredentialIssuer;
  /** Signs the tokens. */
  readonly secret: Uint8Array;
  readonly bucket: Bucket;
}

/**
 * Exchanges the token of a launch for credentials that open what its run needs and nothing else.
 *
 * @throws StorageError; what the issuer throws; PolicyTooLong
 */
export async function issueCredentials(
  g: Pick<Ganway, 'store' | 'now'>,
  { issuer, secret, bucket }: IssueOptions,
  token: string,
): Promise<IssueOutcome> {
  const verdict = verifyLaunchToken(secret, token, g.now());
  if (verdict.kind === 'refused') return { kind: 'unproven', reason: verdict.reason };
  const { runId, launch } = verdict.claims;
  const run = await loadRun(g, runId);
  if (run === null) return { kind: 'over', message: `There is no run ${runId} any more.` };
  const { phase, launches } = run.state;
  if (isTerminal(phase)) return { kind: 'over', message: `The run has ended: ${phase}.` };
  const newest = launches.at(-1)?.launch ?? 0;
  if (newest !== launch) return { kind: 'over', message: `Launch ${newest} has replaced ${launch}.` };
  const policy = sessionPolicy(run.file, bucket);
  const credentials = await issuer.issue({ name: jobName(runId, launch), policy, seconds: CREDENTIALS_SECONDS });
  return { kind: 'issued', credentials };
}
