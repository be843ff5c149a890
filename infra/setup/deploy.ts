/** `ganway deploy` and `ganway destroy`: looks for what they need and says what is missing, then lets the CDK do it; knows no stack. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { problemsOf, type Stage } from '../cdk/stage.ts';
import { STAGES } from '../cdk/stages.ts';
import { findOwnAccount } from '../clients/own-account.ts';
import { checkout } from './cache.mjs';
import { findProgram, runProgram } from './command.mjs';
import { explain, SetupError } from './setup-error.mjs';

export type Verb = 'deploy' | 'destroy';

const USAGE = `usage: ganway deploy STAGE [options of cdk deploy]
       ganway destroy STAGE [options of cdk destroy]

Stages are written in infra/cdk/stages.ts: ${STAGES.map(({ name }) => name).join(', ')}.`;

/** What `destroy` does not remove, for whoever reads it before saying yes. */
export function left({ name }: Stage): string {
  return `What stays, and what it takes to remove it:
  the bucket ganway-${name}-ACCOUNT-REGION with all runs, data sets and checkpoints, which a later deploy takes up again
    aws s3 rb --force s3://ganway-${name}-ACCOUNT-REGION
  the older revisions of the job definitions ganway-${name}-*, which cost nothing
    aws batch deregister-job-definition --job-definition ganway-${name}-SIZE:REVISION
  the container's images and the functions' code in the stores of the CDK, which other applications may share
    npx cdk gc --unstable=gc
  the stack CDKToolkit itself, where nothing else uses it
    aws cloudformation delete-stack --stack-name CDKToolkit`;
}

/** Runs a verb. @returns the exit code: 0 done, 1 failed or something is missing, 2 the command line is wrong */
export async function main(verb: Verb, argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  if (name === '--help' || name === '-h') {
    console.log(USAGE);
    return 0;
  }
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (!stage) {
    console.error(name === '' ? USAGE : `ganway: there is no stage ${name}.\n${USAGE}`);
    return 2;
  }
  try {
    await check(verb, stage);
  } catch (error) {
    console.error(`ganway: ${explain(error)}`);
    return 1;
  }
  if (verb === 'destroy') console.error(`${left(stage)}\n`);
  else if (stage.identity === null) {
    console.error(`ganway: stage ${name} names no identity in infra/cdk/stages.ts, so that it will let nobody in.`);
  }
  for (const args of commands(verb, stage, rest)) {
    const code = await runCdk(args);
    if (code !== 0) return code;
  }
  return 0;
}

/** Throws one sentence about the first thing that is missing. */
async function check(verb: Verb, stage: Stage): Promise<void> {
  const problems = problemsOf(stage);
  if (problems.length > 0) {
    throw new SetupError(`Stage ${stage.name} of infra/cdk/stages.ts cannot be deployed: ${problems.join('; ')}.`);
  }
  const { noCredentials, region } = await findOwnAccount();
  if (noCredentials !== null) {
    throw new SetupError(
      `No credentials of AWS can be used (${noCredentials}): set AWS_PROFILE to a profile of yours, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
  if (stage.region === undefined && region === null) {
    throw new SetupError(
      `No region is chosen: set AWS_REGION, or the region of stage ${stage.name} in infra/cdk/stages.ts.`,
    );
  }
  if (verb === 'deploy') await checkEngine();
}

/** The container's image is built here. */
async function checkEngine(): Promise<void> {
  const name = process.env.CDK_DOCKER ?? 'docker';
  const program = findProgram(name);
  const how = 'Install Docker or Podman (CDK_DOCKER=podman): the image of the container is built on this machine.';
  if (program === null) throw new SetupError(`There is no ${name} on PATH. ${how}`);
  const { ok, tail } = await runProgram(program, ['info']);
  if (!ok) throw new SetupError(`${name} does not answer (${tail.split('\n').at(-1)}). ${how}`);
}

/** The arguments of the CDK, one command after the other. */
export function commands(verb: Verb, { name }: Stage, rest: readonly string[]): string[][] {
  const common = ['--app', APP, '--output', join(checkout, '.build/cdk'), '--context', `stage=${name}`];
  const stacks = `ganway-${name}-*`;
  if (verb === 'destroy') return [['destroy', stacks, ...common, ...rest]];
  return [
    // Does nothing where it has been done.
    ['bootstrap', ...common],
    // A bucket that an earlier deployment has left is taken up, not made again.
    ['deploy', stacks, ...common, '--import-existing-resources', ...rest],
  ];
}

const APP = `"${process.execPath}" --import tsx infra/cdk/main.ts`;

function runCdk(args: readonly string[]): Promise<number> {
  const cdk = join(checkout, 'node_modules/aws-cdk/bin/cdk');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cdk, ...args], { cwd: checkout, stdio: 'inherit' });
    // The terminal tells the child as well; it decides what a Ctrl-C in the middle of a deployment means.
    const ignore = (): void => {};
    process.on('SIGINT', ignore);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
}
