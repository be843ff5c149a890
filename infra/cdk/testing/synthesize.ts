/** Synthesizes stages for tests: their templates, and where they were written; asserts nothing. */
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, type Stack } from 'aws-cdk-lib/core';
import { bundleFunctions } from '../../bundle/functions.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { addStage, type Stacks } from '../app.ts';
import type { Stage } from '../stage.ts';
import { STAGES } from '../stages.ts';

export type StackName = keyof Stacks;

export interface Synthesized {
  readonly stage: Stage;
  readonly templates: Readonly<Record<StackName, Template>>;
}

/** As it is written, which is what CloudFormation reads. */
export interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
}

export interface RawResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: of every type there is
  readonly Properties?: Readonly<Record<string, any>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

/** The stages of the checkout, or others; the folder holds what the CDK would deploy. */
export async function synthesize(
  stages: readonly Stage[] = STAGES,
): Promise<{ readonly folder: string; readonly stages: readonly Synthesized[] }> {
  const folder = temporaryFolder();
  const bundles = await bundleFunctions(join(folder, 'functions'));
  // What is switched off costs seconds; a linter of its own has the templates.
  const quick = { analyticsReporting: false, builtinCloudFormationValidation: false, stackTraces: false };
  const app = new App({ ...quick, treeMetadata: false, outdir: join(folder, 'assembly') });
  const added = stages.map((stage) => ({ stage, stacks: addStage(app, stage, bundles) }));
  const templateOf = (stack: Stack): Template => Template.fromStack(stack);
  return {
    folder: join(folder, 'assembly'),
    stages: added.map(({ stage, stacks }) => ({
      stage,
      templates: Object.fromEntries(
        Object.entries(stacks).map(([name, stack]) => [name, templateOf(stack)]),
      ) as Synthesized['templates'],
    })),
  };
}

export const rawOf = (template: Template): RawTemplate => template.toJSON() as RawTemplate;
