/** The program that the CDK runs: bundles the functions and writes the templates of every stage; deploys nothing. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { bundleFunctions } from '../bundle/functions.ts';
import { addStage } from './app.ts';
import { problemsOf } from './stage.ts';
import { STAGES } from './stages.ts';

const app = new App({ analyticsReporting: false, stackTraces: false });
/** `--context stage=NAME`; all where none is named. */
const wanted: unknown = app.node.tryGetContext('stage');
const stages = STAGES.filter(({ name }) => wanted === undefined || name === wanted);
if (stages.length === 0) throw new Error(`There is no stage ${wanted} in infra/cdk/stages.ts.`);
const problems = stages.flatMap((stage) => problemsOf(stage).map((problem) => `stage ${stage.name}: ${problem}`));
if (problems.length > 0) throw new Error(`infra/cdk/stages.ts cannot be deployed:\n${problems.join('\n')}`);
const bundles = await bundleFunctions(mkdtempSync(join(tmpdir(), 'ganway-functions-')));
for (const stage of stages) addStage(app, stage, bundles);
app.synth();
