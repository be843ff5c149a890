/** The EXPORT task: the generator of a checkpoint as files that others can load; knows no storage and no TensorFlow. */
import { rm } from 'node:fs/promises';
import type { ExportFormat } from '../../graph/spec/spec.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { freeBatch } from '../engine/export/free-batch.ts';
import { type FrozenGraph, freeze } from '../engine/export/freeze.ts';
import { encodeTfjs } from '../engine/export/tfjs.ts';
import { encodeSavedModel } from '../engine/savedmodel/graphdef.ts';
import type { TensorValue } from '../engine/session.ts';
import { buildGeneratorProgram } from '../models/generator-program.ts';
import { withAverages } from '../optim/average.ts';
import type { SpooledFile } from '../protocol.ts';
import { readSource } from '../trainer/checkpoint.ts';
import { TrainerFailure } from '../trainer/failure.ts';
import { encodeSafetensors } from '../trainer/safetensors.ts';
import type { WorkFolder } from '../trainer/work-folder.ts';
import { writeBlob } from '../trainer/write-blob.ts';
import { type Provenance, provenanceOf } from './provenance.ts';

/** Folder in the spool that holds the result. */
const RESULT = 'export';
/** Says in every export where it comes from. */
const PROVENANCE = 'provenance.json';

/** A generator ready to be written. */
interface Exported {
  readonly frozen: FrozenGraph;
  /** State of the checkpoint, averages in place of weights. */
  readonly state: ReadonlyMap<string, TensorValue>;
  readonly provenance: Provenance;
}

interface Output {
  /** Path among the files of the run. */
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

/**
 * Writes every format that the spec names and at last says `files`, where it was not stopped before.
 *
 * @throws TrainerFailure BAD_SPEC where the run is no export; EngineError RESTORE where the checkpoint is not of the
 * networks that this version builds, EXPORT where a format lacks what they need
 */
export async function runExport(work: WorkFolder): Promise<'DONE' | 'STOPPED'> {
  const { spec } = work.file;
  if (spec.task !== 'EXPORT') throw new TrainerFailure('BAD_SPEC', `A ${spec.task} run is no export.`);
  const { manifest, state: trained } = await readSource(work.path);
  // What is shown in sheets is what is handed on, under the names of the networks.
  const state = withAverages(trained);
  const exported: Exported = {
    frozen: freeBatch((count) => freeze(buildGeneratorProgram(spec.training, count), 'generate', state)),
    state,
    provenance: provenanceOf(work.file, spec, manifest, packageFile.version),
  };
  const folder = work.spool.path(RESULT);
  // An earlier start in the same work folder may have left one.
  await rm(folder, { recursive: true, force: true });
  const files: SpooledFile[] = [];
  const write = async ({ name, parts }: Output): Promise<void> => {
    const file = await writeBlob(folder, name, parts);
    files.push(file);
    console.log(`wrote ${name}, ${file.bytes} bytes`);
  };
  for (const [index, format] of spec.formats.entries()) {
    for (const output of FORMATS[format](exported)) await write(output);
    work.spool.say({ type: 'progress', at: now(), fraction: (index + 1) / spec.formats.length });
    if (work.stop.aborted) {
      console.log('export stopped before it was complete; nothing is kept');
      return 'STOPPED';
    }
  }
  await write({ name: PROVENANCE, parts: [jsonOf(exported.provenance)] });
  work.spool.say({ type: 'files', at: now(), folder: RESULT, files });
  return 'DONE';
}

const FORMATS: Readonly<Record<ExportFormat, (exported: Exported) => Output[]>> = {
  SAFETENSORS: ({ frozen, state, provenance }) => {
    const kept = new Set(frozen.state);
    const tensors = new Map([...state].filter(([name]) => kept.has(name)));
    const metadata = { provenance: JSON.stringify(provenance) };
    return [{ name: 'generator.safetensors', parts: encodeSafetensors(tensors, metadata) }];
  },
  // As TensorFlow's guide has it, a folder `assets.extra` is for files that TensorFlow does not read.
  SAVED_MODEL: ({ frozen, provenance }) => {
    const signatures = { serving_default: { ...frozen.signature, method: 'tensorflow/serving/predict' } };
    return [
      { name: 'saved_model/saved_model.pb', parts: [encodeSavedModel(frozen, signatures)] },
      { name: `saved_model/assets.extra/${PROVENANCE}`, parts: [jsonOf(provenance)] },
    ];
  },
  TFJS: ({ frozen, provenance }) =>
    encodeTfjs(frozen, { generatedBy: provenance.generatedBy, metadata: { provenance } }).map(({ name, bytes }) => ({
      name: `tfjs/${name}`,
      parts: [bytes],
    })),
};

function jsonOf(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

const now = (): string => new Date().toISOString();
