import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { zipOf } from '../../batch/data/testing/archives.ts';
import { tinyTrainSpec } from '../../batch/trainer/testing/specs.ts';
import type { ImportSpec, TrainSpec } from '../../graph/spec/spec.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import { openS3Store } from '../clients/s3-store.ts';
import { cacheFolder, checkout } from '../setup/cache.mjs';
import { nativeFolder } from '../setup/native.mjs';
import { atStep, cleanUp, journalOf, newRun, newRunOf, only, resultOf, stateOf, until } from '../test/container.ts';
import { type CredentialEndpoint, openCredentialEndpoint } from '../test/credential-endpoint.ts';
import { buildRoot } from './build.ts';
import { LAYERS, PLACES, STATE, USER } from './places.ts';
import { missingLibraries } from './resolve.ts';
import { imageConfig } from './testing/dockerfile.ts';
import { canRunInside, runInside } from './testing/run.ts';

const s3 = inject('s3');
const cache = cacheFolder();
const image = imageConfig(readFileSync(join(checkout, 'batch/Dockerfile'), 'utf8'));

describe('the Dockerfile', () => {
  it('ends in all layers, in their order, and in the state that its user owns', () => {
    expect(image.copies).toEqual([
      ...LAYERS.map((layer) => ({ from: `/image/layers/${layer}/`, to: '/' })),
      { from: '/image/state/', to: `/${PLACES.state}/` },
    ]);
    expect(image.user).toBe(`${USER.id}:${USER.id}`);
    expect(image.entrypoint).toEqual([`/${PLACES.node}`, `/${PLACES.app}/batch/main.js`]);
    expect(image.environment).toMatchObject({
      GANWAY_NATIVE: `/${PLACES.tensorflow}`,
      NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
    });
  });

  it('pins its base by digest', () => {
    const text = readFileSync(join(checkout, 'batch/Dockerfile'), 'utf8');
    expect(text).toMatch(/^ARG BASE=node:22\.[\d.]+-bookworm@sha256:[0-9a-f]{64}$/m);
    expect([...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)).toEqual(['$' + '{BASE}', 'scratch']);
  });
});

const isolates = canRunInside();
if (!isolates) console.warn('this machine gives no namespaces: the container is built but not run');
const native = nativeFolder(cache, false);

// The set-up of the tests says what there is not.
describe.runIf(s3 && existsSync(native))('the file system of the container', () => {
  if (!s3) return;
  const prefix = `container-${Date.now()}/`;
  const store = () => openS3Store({ ...s3, prefix });
  let out: string;
  let root: string;
  let endpoint: CredentialEndpoint;

  beforeAll(async () => {
    // On the disk of what it is made of, so that nothing has to be copied.
    out = mkdtempSync(join(cache, '.container-'));
    [{ root }, endpoint] = await Promise.all([
      buildRoot({ checkout, cache, gpu: false, out }),
      openCredentialEndpoint({ s3, prefix }),
    ]);
  });
  afterAll(async () => {
    await endpoint.close();
    rmSync(out, { recursive: true, force: true });
    cleanUp();
  });

  /** Starts a program in the root and resolves, at its end, to how it ended and all it said. */
  function start(command: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const running = runInside({
      ...image,
      root,
      state: join(out, 'state'),
      environment: { ...image.environment, ...environment },
      command,
    });
    const { process } = running;
    const ended = Promise.all([
      once(process, 'exit'),
      ...[process.stdout, process.stderr].map((each) => each && text(each)),
    ]);
    return { ...running, ended: ended.then(([[code], said, errors]) => ({ code, said: `${said}${errors}` })) };
  }

  /** Starts the entry of the image for a run, as Batch would. */
  function startJob(runId: string, environment: Readonly<Record<string, string>> = {}) {
    return start(image.entrypoint, {
      GANWAY_RUN_ID: runId,
      GANWAY_LAUNCH: '1',
      GANWAY_LAUNCH_TOKEN: endpoint.tokenOf(runId),
      GANWAY_CREDENTIALS_URL: endpoint.url,
      GANWAY_S3_ENDPOINT: s3?.endpoint ?? '',
      GANWAY_S3_BUCKET: s3?.bucket ?? '',
      GANWAY_S3_REGION: s3?.region ?? '',
      GANWAY_S3_PREFIX: prefix,
      AWS_BATCH_JOB_ID: 'job-1',
      ...environment,
    });
  }

  const result = async (runId: string) => resultOf(await journalOf(store(), runId), await stateOf(runId, store()));

  it('has every library that anything in it needs, and misses each that is taken away', () => {
    expect(missingLibraries(root)).toEqual([]);
    const system = readdirSync(join(root, 'usr/lib/x86_64-linux-gnu')).map(
      (name) => `usr/lib/x86_64-linux-gnu/${name}`,
    );
    const others = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map(
      (name) => `${PLACES.tensorflow}/${name}`,
    );
    expect(system.length).toBeGreaterThan(5);
    for (const library of [...system, ...others]) {
      renameSync(join(root, library), join(root, 'away'));
      const names = missingLibraries(root).map((missing) => missing.library.split('/').at(-1));
      renameSync(join(root, 'away'), join(root, library));
      expect(names).toContain(library.split('/').at(-1));
    }
  });

  describe.runIf(isolates)('in which a container runs', () => {
    it('is closed to its user but for the state', async () => {
      const script = `const { writeFileSync } = require('node:fs');
        const write = (path) => { try { writeFileSync(path, 'x'); return 'written'; } catch ({ code }) { return code; } };
        const { pid, getuid, getgid, getgroups } = process;
        const places = ['/', '/etc/', '/opt/ganway/app/', '/${PLACES.state}/tmp/'];
        console.log(JSON.stringify([pid, getuid(), getgid(), getgroups(), places.map((place) => write(place + 'x'))]));`;
      const { said } = await start([image.entrypoint[0] ?? '', '-e', script]).ended;
      const closed = ['EROFS', 'EROFS', 'EROFS', 'written'];
      expect(JSON.parse(said)).toEqual([1, USER.id, USER.id, [USER.id], closed]);
      rmSync(join(out, 'state/tmp/x'));
    });

    it('trains a run to its end, and leaves nothing behind but what is kept between runs', async () => {
      const runId = await newRun(store());
      expect(await startJob(runId).ended).toMatchObject({ code: 0 });
      expect((await stateOf(runId, store())).phase).toBe('SUCCEEDED');
      expect((await result(runId)).sheets).toHaveLength(4);
      const left = STATE.map((folder) => readdirSync(join(out, 'state', folder)));
      expect(left).toEqual([['datasets'], [], []]);
    });

    it('ends by a checkpoint and exits 75 at SIGTERM, and goes on from there to the same end', async () => {
      const snapshots = { ...tinyTrainSpec().snapshots, tickSteps: 50, sampleSteps: 1000, checkpointSteps: 1000 };
      const long: Partial<TrainSpec> = { steps: 2000, kimg: 16, snapshots };
      const undisturbed = await newRun(store(), long);
      expect(await startJob(undisturbed).ended).toMatchObject({ code: 0 });
      const runId = await newRun(store(), long);
      const first = startJob(runId);
      await until(runId, atStep('METRICS', 50), store());
      first.signal('SIGTERM');
      expect(await first.ended).toMatchObject({ code: 75 });
      const sealed = only('CHECKPOINT_SEALED', await journalOf(store(), runId)).at(-1);
      expect(sealed).toMatchObject({ trigger: 'SIGNAL' });
      expect(await startJob(runId).ended).toMatchObject({ code: 0 });
      expect((await stateOf(runId, store())).attempts.map(({ resumedFromStep }) => resumedFromStep)).toEqual([
        null,
        sealed?.step,
      ]);
      expect(await result(runId)).toEqual(await result(undisturbed));
    }, 120_000);

    it('trains by the library without its addon, too', async () => {
      const runId = await newRun(store());
      expect(await startJob(runId, { GANWAY_EXECUTOR: 'capi' }).ended).toMatchObject({ code: 0 });
    });

    it('imports pictures', async () => {
      const archive = await pictures();
      const [id, key] = ['test-upload', keys.upload('test', 'test-upload')];
      await store().put(key, archive);
      const { resources, limits } = tinyTrainSpec();
      const spec: ImportSpec = {
        v: 1,
        task: 'IMPORT',
        dataset: { id: 'test-pictures-x', name: 'pictures' },
        size: 16,
        uploads: [{ id, name: 'pictures.zip', key, bytes: archive.length, sha256: sha256(archive) }],
        resources,
        limits,
      };
      const runId = await newRunOf(store(), spec);
      expect(await startJob(runId).ended).toMatchObject({ code: 0 });
      expect(await store().head(keys.datasetManifest(spec.dataset.id))).not.toBeNull();
    });

    it('leaves a launch that is over alone', async () => {
      const runId = await newRun(store());
      expect(await startJob(runId).ended).toMatchObject({ code: 0 });
      const again = await startJob(runId).ended;
      expect(again.code).toBe(0);
      expect(again.said).toContain('the storage is closed to this launch: The run has ended: SUCCEEDED.');
      const forged = await startJob(runId, { GANWAY_LAUNCH_TOKEN: 'x' }).ended;
      expect(forged.code).toBe(64);
    });
  });
});

/** A zip of eight small photos. */
async function pictures(): Promise<Buffer> {
  const shades = Array.from({ length: 8 }, (_, index) => index * 30);
  const photos = shades.map(async (r) => {
    const background = { r, g: 0, b: 0 };
    const data = await sharp({ create: { width: 20, height: 20, channels: 3, background } })
      .png()
      .toBuffer();
    return { name: `${r}.png`, data };
  });
  return zipOf(await Promise.all(photos));
}
