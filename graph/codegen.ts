/** Writes what follows from schema.graphql: its text as a module and the resolvers' types; a tool, no part of the running system. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

const SDL = new URL('./schema.graphql', import.meta.url);
const OPERATIONS = new URL('./client/operations.graphql', import.meta.url);

const config = {
  contextType: './context.ts#Context',
  mappers: {
    ApiKey: '../access/api-keys.ts#ApiKey as ApiKeyModel',
    AttemptStarted: './models.ts#AttemptStartedModel',
    Attempt: './models.ts#AttemptModel',
    Checkpoint: './models.ts#CheckpointModel',
    CheckpointSealed: './models.ts#CheckpointSealedModel',
    Dataset: './models.ts#DatasetModel',
    GuardTripped: './models.ts#GuardTrippedModel',
    LogLine: './models.ts#LogLineModel',
    LogPage: './models.ts#LogPageModel',
    MetricValue: './models.ts#MetricModel',
    MetricsLogged: './models.ts#MetricsLoggedModel',
    ModelSpec: '../spec/spec.ts#ModelSpec as ModelSpecModel',
    PhaseChanged: './models.ts#PhaseChangedModel',
    PhaseSpan: '../run/state.ts#PhaseSpan as PhaseSpanModel',
    PinnedCheckpoint: '../spec/spec.ts#PinnedCheckpoint as PinnedCheckpointModel',
    Preset: '../spec/presets.ts#Preset as PresetModel',
    Project: './models.ts#ProjectModel',
    Reason: '../run/reasons.ts#Reason as ReasonModel',
    ResourcesSpec: '../spec/spec.ts#ResourcesSpec as ResourcesSpecModel',
    Run: './models.ts#RunModel',
    RunEventBatch: './models.ts#BatchModel',
    RunFile: '../run/state.ts#FileRecord',
    SampleAdded: './models.ts#SampleAddedModel',
    SampleSheet: './models.ts#SheetModel',
    Offer: '../spec/plan.ts#Offer as OfferModel',
    TrainingPlan: '../spec/plan.ts#TrainingPlan as TrainingPlanModel',
    ScheduleSpec: '../spec/spec.ts#ScheduleSpec as ScheduleSpecModel',
    TrainingSpec: '../spec/spec.ts#TrainSpec',
    ValidationIssue: '../spec/issues.ts#Issue',
  },
  scalars: {
    DateTime: { input: 'Date', output: 'Date | string' },
    ID: { input: 'string', output: 'string' },
    Long: 'number',
    Step: 'number',
  },
  strictScalars: true,
  enumsAsTypes: true,
  useTypeImports: true,
  immutableTypes: true,
  skipTypename: true,
  resolversNonOptionalTypename: { unionMember: true, interfaceImplementingType: true },
  avoidOptionals: { field: true, resolvers: false, inputValue: false, object: false, defaultValue: false },
  emitLegacyCommonJSImports: false,
  importExtension: '.ts' as const,
};

/** A client sees JSON: dates and ids are strings. */
const clientConfig = {
  scalars: { DateTime: 'string', ID: 'string', Long: 'number', Step: 'number' },
  strictScalars: true,
  enumsAsTypes: true,
  useTypeImports: true,
  immutableTypes: true,
  skipTypename: true,
  documentMode: 'string' as const,
  emitLegacyCommonJSImports: false,
};

export interface Generated {
  /** Relative to this folder. */
  readonly path: string;
  readonly content: string;
}

/** What the generated files should hold for the schema as it is now. */
export async function generate(): Promise<readonly Generated[]> {
  const sdl = readFileSync(SDL, 'utf8');
  const types = await codegen({
    documents: [],
    config,
    filename: 'resolvers/types.gen.ts',
    schema: parse(sdl),
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  });
  const client = await codegen({
    documents: [{ location: OPERATIONS.pathname, document: parse(readFileSync(OPERATIONS, 'utf8')) }],
    config: clientConfig,
    filename: 'client/operations.gen.ts',
    schema: parse(sdl),
    plugins: [{ operations: {} }, { typedDocuments: {} }],
    pluginMap: { operations, typedDocuments },
  });
  const note = '// Made from schema.graphql by `npm run codegen`. Do not edit.\n';
  return [
    { path: 'resolvers/types.gen.ts', content: note + types },
    { path: 'client/operations.gen.ts', content: note + client },
    { path: 'schema.gen.ts', content: `${note}export const typeDefs = ${literal(sdl)};\n` },
  ];
}

/** A template literal, so that a change of the schema is a readable diff here too. */
function literal(text: string): string {
  return `\`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path, content } of await generate()) writeFileSync(new URL(path, import.meta.url), content);
}
