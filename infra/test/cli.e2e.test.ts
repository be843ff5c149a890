import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../batch/trainer/safetensors.ts';
import { makePhotos } from './cli/photos.ts';
import { GANWAY, hasScript, ROOT, startGanway } from './cli/process.ts';
import { newHome, removeHomes, type Stack, startStack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { SMALL } from './training.ts';
import { watchRun } from './watch-run.ts';

/** Seconds, with every kind of event. */
const SPEC = JSON.stringify(SMALL);
const TRAIN = ['train', '--spec', SPEC];

let stack: Stack;
beforeAll(async () => {
  // Two at once, so that one test's run keeps no other waiting.
  stack = await startStack({ args: ['--queue-slots', '2'] });
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  startGanway(args, { GANWAY_URL: stack.origin, ...env });
const ganway = (...args: string[]) => start(args).ended;
// biome-ignore lint/suspicious/noExplicitAny: whatever a command prints is compared with what it should be
const values = (out: string): any[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const linesOf = (out: string) => out.trimEnd().split('\n');

/** The run that the first test trains and the others look at. */
let trained: string;

describe('ganway train --follow', () => {
  it('prints a run and all its events as JSON for scripts, and nothing else', async () => {
    const { code, stdout, stderr } = await ganway(...TRAIN, '--kimg', '1.6', '--name', 'small', '--follow', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [launched, ...events] = values(stdout);
    // The queue may have begun by the time the launch is answered.
    const phase = expect.stringMatching(/^(QUEUED|STARTING)$/);
    expect(launched).toEqual({ id: expect.stringMatching(/^local-/), phase, replayed: false });
    expect(events.flatMap((event) => event.phase ?? [])).toEqual(['QUEUED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(events.filter((event) => event.__typename === 'MetricsLogged').map((event) => event.step)).toEqual(
      Array.from({ length: 10 }, (_, n) => 10 * (n + 1)),
    );
    trained = launched.id;
  }, 120_000);

  it('with a key is the same run again', async () => {
    const args = [...TRAIN, '--kimg', '0.1', '--key', 'once', '--json'];
    const [first, second] = [await ganway(...args), await ganway(...args)].map(({ stdout }) => values(stdout)[0]);
    expect(second).toMatchObject({ id: first.id, replayed: true });
    const other = await ganway(...TRAIN, '--kimg', '0.2', '--key', 'once');
    expect(other).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringMatching(/idempotencyKey was used before/),
    });
    await ganway('watch', first.id);
  }, 60_000);
});

describe('ganway keys', () => {
  it('makes a key that is shown once and does what its role may, lists it, and ends it', async () => {
    const made = await ganway('keys', 'create', 'nightly', '--role', 'viewer', '--days', '30');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('shown once') });
    const token = made.stdout.trim();
    expect(token).toMatch(/^gw_local-[0-9a-z]{18}_[\w-]{43}$/);
    const by = (given: string, ...args: string[]) => start(args, { GANWAY_TOKEN: given }).ended;
    expect(await by(token, 'dataset', 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining('digits') });
    for (const args of [
      ['train', '--dataset', 'digits'],
      ['keys', 'list'],
      ['member', 'user:x', '--role', 'admin'],
    ]) {
      expect(await by(token, ...args)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('This needs the role'),
      });
    }
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`;
    expect(await by(wrong, 'runs')).toMatchObject({ code: 5, stderr: expect.stringContaining('Say who you are') });
    const { stdout } = await ganway('keys', 'list', '--json');
    const [key] = values(stdout);
    expect(key).toMatchObject({ name: 'nightly', role: 'VIEWER', createdBy: 'local', expiresAt: expect.any(String) });
    expect(stdout).not.toContain(token.slice(-43));
    expect((await ganway('keys', 'list')).stdout).toContain(`${key.id}  VIEWER  nightly  local`);
    expect((await ganway('keys', 'revoke', key.id)).code).toBe(0);
    expect((await ganway('keys', 'revoke', key.id)).code).toBe(4);
    expect((await ganway('keys', 'list')).stdout).toContain('No keys yet');
  }, 60_000);

  it('says what a role may be', async () => {
    for (const args of [
      ['create', 'x'],
      ['create', 'x', '--role', 'owner'],
      ['create', 'x', '--role', 'admin', '--days', '0'],
    ]) {
      expect((await ganway('keys', ...args)).code).toBe(2);
    }
  });
});

describe('ganway member', () => {
  it('lets somebody in and takes them out again', async () => {
    const out = async (role: string) => (await ganway('member', 'user:auth0|bob', '--role', role)).stdout;
    expect([await out('runner'), await out('none')]).toEqual([
      'user:auth0|bob is RUNNER.\n',
      'user:auth0|bob is out.\n',
    ]);
    expect((await ganway('member', 'bob', '--role', 'viewer')).code).toBe(2);
  });
});

describe('what a person reads', () => {
  it('is a table of runs without colours in a pipe, or one JSON value a line', async () => {
    const { code, stdout } = await ganway('runs');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${trained} +TRAIN +SUCCEEDED +1.6 +100 % +small$`, 'm'));
    expect(stdout).not.toContain('\x1b');
    const [run] = values((await ganway('runs', '--json', '--phase', 'SUCCEEDED', '--limit', '1')).stdout);
    expect(run).toMatchObject({ phase: 'SUCCEEDED', task: 'TRAIN' });
    expect(await ganway('runs', '--json', '--phase', 'FAILED')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('is a line for every event in a pipe, with links to the sheets', async () => {
    const { code, stdout } = await ganway('watch', trained);
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}\S/);
    expect(lines.at(-1)).toMatch(/SUCCEEDED$/);
    expect(stdout).toMatch(/step 100 {2}1\.60 of 1\.6 kimg {2}D \d+\.\d+ {2}G \d+\.\d+ {2}\d+ img\/s/);
    const link = /sample sheet .* (http:\S+)$/m.exec(stdout)?.[1] ?? '';
    expect((await fetch(link)).headers.get('content-type')).toBe('image/png');
  }, 30_000);

  it('has colours where they are wanted, and none where NO_COLOR says so', async () => {
    expect((await start(['watch', trained], { FORCE_COLOR: '1' }).ended).stdout).toContain('\x1b[32mSUCCEEDED');
    const { stdout } = await start(['watch', trained], { FORCE_COLOR: '1', NO_COLOR: '1' }).ended;
    expect(stdout).not.toContain('\x1b');
  }, 30_000);

  it.runIf(hasScript())(
    'is a bar below the lines on a terminal, which leaves the cursor where it belongs',
    async () => {
      const command = `stty cols 80; ${process.execPath} ${GANWAY} watch ${trained}`;
      const env = { ...process.env, GANWAY_URL: stack.origin, TERM: 'xterm', NO_COLOR: '1' };
      const out = execFileSync('script', ['-qec', command, '/dev/null'], { env, encoding: 'utf8' });
      // Saving and restoring the cursor would jump back into the lines once they have scrolled.
      expect(out).not.toContain('\x1b8');
      expect(out).toContain('\x1b[?25h');
      expect(out).toMatch(/█{20,} 100 % {2}D \d/);
      expect(out.lastIndexOf('SUCCEEDED')).toBeLessThan(out.lastIndexOf('100 %'));
      expect(out).not.toContain('http:');
    },
    30_000,
  );

  it('is help, with the verbs of this machine too', async () => {
    const CLIENT_VERBS = 'train runs watch stop resume samples checkpoints export dataset'.split(' ');
    const { code, stdout } = await ganway('--help');
    expect(code).toBe(0);
    for (const verb of [...CLIENT_VERBS, 'up', 'doctor', 'describe', 'metric', 'extractor']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${verb}\\b`, 'm'));
    }
  });
});

describe('ganway samples', () => {
  it('brings every sheet as the PNG whose hash the API knows', async () => {
    const folder = join(temporaryFolder(), 'new', 'sheets');
    const { code, stdout } = await ganway('samples', trained, '-o', folder, '--json');
    expect(code).toBe(0);
    const sheets = values(stdout);
    expect(sheets.map((sheet) => sheet.step)).toEqual([0, 50, 100]);
    expect(readdirSync(folder)).toHaveLength(3);
    for (const { file, sha256 } of sheets) {
      const png = readFileSync(file);
      expect(createHash('sha256').update(png).digest('hex')).toBe(sha256);
      expect(await sharp(png).metadata()).toMatchObject({ format: 'png' });
    }
    const some = await ganway('samples', trained, '-o', folder, '--every', '100');
    expect(linesOf(some.stdout)).toHaveLength(2);
  }, 30_000);
});

describe('ganway stop and resume', () => {
  it('end a run through a checkpoint and go on from it', async () => {
    const id = values((await ganway(...TRAIN, '--kimg', '100000', '--json')).stdout)[0].id;
    const first = watchRun(stack.ready.graphql, id);
    await first.until((event) => event.__typename === 'MetricsLogged');
    expect(await ganway('resume', id)).toMatchObject({ code: 5, stderr: expect.stringMatching(/^ganway: .*stop/i) });
    expect(await ganway('stop', id)).toMatchObject({ code: 0, stdout: expect.stringMatching(/ is STOP(PING|PED)\n$/) });
    const seen = await first.ended;
    const { code, stdout } = await ganway('watch', id);
    expect(code).toBe(0);
    expect(linesOf(stdout).at(-1)).toMatch(/STOPPED: Stopped on request/);
    expect(await ganway('stop', id)).toMatchObject({ code: 0, stdout: `${id} is STOPPED\n` });

    const resumed = start(['resume', id, '--follow']);
    await once(resumed.child.stdout, 'data');
    const last = seen.at(-1)?.cursor ?? null;
    const second = watchRun(stack.ready.graphql, id, last);
    await second.until((event) => event.attempt?.resumedFromStep != null);
    await second.until((event) => event.phase === 'RUNNING');
    const interrupted = start(['watch', id]);
    await once(interrupted.child.stdout, 'data');
    interrupted.child.kill('SIGINT');
    expect(await interrupted.ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/The run goes on/) });
    const [run] = values((await ganway('runs', '--json', '--limit', '1')).stdout);
    expect(run).toMatchObject({ id, phase: 'RUNNING' });
    expect(await ganway('stop', id)).toMatchObject({ code: 0 });
    const followed = await resumed.ended;
    expect(followed).toMatchObject({ code: 0, stdout: expect.stringMatching(/continues from step \d+/) });
  }, 120_000);
});

describe('ganway checkpoints, train --from and export', () => {
  const SMALL_MLP = ['--preset', 'article-mlp', '--dataset', 'digits', '--batch-size', '16', '--kimg', '0.32'];
  const NETWORKS = ['--set', 'model.generatorWidths=[32]', '--set', 'model.discriminatorWidths=[16]'];
  const RECORD = ['--set', 'snapshots={"tickSteps":10,"sampleSteps":20,"checkpointSteps":10,"columns":2,"rows":2}'];
  let source: string;
  let checkpoint: { readonly id: string; readonly bytes: number };

  it('a run has checkpoints, newest first, which a person can read and a script can take', async () => {
    const args = [...SMALL_MLP, ...NETWORKS, ...RECORD, '--lr', '0.001', '--loss', 'minimax', '--seed', '3'];
    const training = await ganway('train', ...args, '--follow', '--json');
    expect(training).toMatchObject({ code: 0, stderr: '' });
    source = values(training.stdout)[0].id;

    const { code, stdout } = await ganway('checkpoints', source, '--json');
    expect(code).toBe(0);
    const found = values(stdout);
    expect(found.map(({ step }) => step)).toEqual([20, 10, 0]);
    expect(found[0]).toEqual({
      id: `${source}~checkpoint~20~1`,
      runId: source,
      step: 20,
      kimg: 0.32,
      attempt: 1,
      trigger: 'SCHEDULE',
      bytes: expect.any(Number),
      sealedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      pinned: false,
      deletedAfter: null,
      exact: true,
      differs: [],
    });
    const table = linesOf((await ganway('checkpoints', source)).stdout);
    expect(table[0]).toMatch(/^CHECKPOINT +STEP +KIMG +WHEN +TRIGGER +SIZE +EXACT$/);
    expect(table[2]).toMatch(/~checkpoint~10~1 +10 +0\.16 +\S+Z +SCHEDULE +\d+ kB +yes$/);
    checkpoint = found[1];
  }, 60_000);

  it('a training begins with a checkpoint and its spec, but for what is said', async () => {
    const changes = ['--lr-generator', '0.0005', '--kimg', '0.16', '--reuse-fakes', '--name', 'fork'];
    const fork = await ganway('train', '--from', checkpoint.id, ...changes, ...RECORD, '--follow');
    expect(fork).toMatchObject({ code: 0, stderr: `starting from step 10 of ${source}\n` });
    expect(fork.stdout).toMatch(/SUCCEEDED\n$/);
    const { specJson } = await specOf(linesOf(fork.stdout)[0] ?? '');
    expect(specJson).toMatchObject({
      preset: 'article-mlp',
      dataset: { id: 'digits' },
      startFrom: { id: checkpoint.id },
      seed: 3,
      kimg: 0.16,
      batchSize: 16,
      reuseFakes: true,
      loss: { kind: 'MINIMAX' },
      model: { generatorWidths: [32] },
      optimizers: { generator: { learningRate: 0.0005, beta1: 0.5 }, discriminator: { learningRate: 0.001 } },
    });
  }, 60_000);

  it('a generator leaves as files that are whole, out of the newest checkpoint of a run', async () => {
    const folder = join(temporaryFolder(), 'new', 'exported');
    const formats = ['--format', 'tfjs', 'saved-model', '--format', 'safetensors'];
    const { code, stdout } = await ganway('export', source, '-o', folder, ...formats, '--json', '--key', 'export');
    expect(code).toBe(0);
    const files = values(stdout);
    const run = files[0].run;
    for (const { name, bytes, sha256, ...rest } of files) {
      expect(rest).toEqual({ file: join(folder, name), run, checkpoint: `${source}~checkpoint~20~1` });
      const content = readFileSync(rest.file);
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
    }
    const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(there.map((entry) => join(entry.parentPath, entry.name)).sort()).toEqual(
      files.map(({ file }) => file).sort(),
    );
    const names = ['generator.safetensors', 'saved_model/saved_model.pb', 'tfjs/model.json', 'provenance.json'];
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    const weights = decodeSafetensors(readFileSync(join(folder, 'generator.safetensors')));
    expect(weights.get('generator/hidden1/kernel')?.shape).toEqual([100, 32]);
    const { weightsManifest } = JSON.parse(readFileSync(join(folder, 'tfjs/model.json'), 'utf8'));
    for (const path of weightsManifest[0].paths) expect(readdirSync(join(folder, 'tfjs'))).toContain(path);

    const again = await ganway('export', source, '-o', folder, ...formats, '--key', 'export', '--follow');
    expect(again).toMatchObject({ code: 0, stderr: `exporting step 20 of ${source} as run ${run}\n` });
    expect(again.stdout).toMatch(/Z {2}SUCCEEDED\n/);
    expect(linesOf(again.stdout).slice(-files.length)).toEqual(files.map(({ file }) => file));
  }, 60_000);

  it('what does not fit is said with its path, its code and a sentence', async () => {
    const other = await ganway('train', '--from', checkpoint.id, '--set', 'model.generatorWidths=[64]');
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toMatch(/^ {2}training\.model DOES_NOT_FIT_CHECKPOINT: These are not the networks/m);
  });

  async function specOf(id: string): Promise<{ specJson: object }> {
    const { run } = await stack.graphql<{ run: { specJson: string } }>(
      'query ($id: ID!) { run(id: $id) { specJson } }',
      {
        id,
      },
    );
    return { specJson: JSON.parse(run.specJson) };
  }
});

describe('ganway dataset add', () => {
  it('makes a data set with classes out of a folder, says what it left out and why, and a training learns it', async () => {
    const folder = join(temporaryFolder(), 'my photos');
    await makePhotos(folder);
    const { code, stdout, stderr } = await ganway('dataset', 'add', folder, '--size', '16');
    expect(stderr).toMatch(/6 images of 16×16, colour, 2 classes/);
    expect(code).toBe(0);
    const id = stdout.trim();
    expect(linesOf(stdout)).toHaveLength(1);
    const leftOut = (file: string, why: RegExp) =>
      expect(stderr).toMatch(new RegExp(`^left out (.*/)?${file}: .*${why.source}.*\\.$`, 'm'));
    leftOut('broken\\.png', /broken or cut off/);
    leftOut('huge\\.png', /more than 100 megapixels/);
    leftOut('empty\\.jpg', /empty/);
    leftOut('notes\\.txt', /no PNG/);
    leftOut('dogs/loop', /link to a folder/);
    leftOut('\\.hidden\\.png', /hidden/);

    const sets = values((await ganway('dataset', 'list', '--json')).stdout);
    expect(sets.find((set) => set.id === id)).toMatchObject({
      name: 'my photos',
      images: 6,
      width: 16,
      height: 16,
      channels: 3,
      classes: ['cats', 'dogs'],
    });
    expect((await ganway('dataset', 'list')).stdout).toMatch(/^digits +10000 +28×28×1 +10 /m);

    const args = ['train', '--dataset', id, '--batch-size', '4', '--kimg', '0.02', '--spec', SPEC, '--follow'];
    const training = await ganway(...args);
    expect(training.stdout).toMatch(/SUCCEEDED\n$/);
    expect(training.code).toBe(0);
  }, 120_000);

  it('fails with a sentence where there is nothing to learn from', async () => {
    const folder = temporaryFolder();
    const empty = await ganway('dataset', 'add', folder);
    expect(empty).toMatchObject({ code: 1, stdout: '' });
    expect(empty.stderr).toMatch(/^ganway: The import \S+ is FAILED. There are no files in .*\.zip\.$/m);
    writeFileSync(join(folder, 'notes.txt'), 'woof');
    const text = await ganway('dataset', 'add', folder);
    expect(text.code).toBe(1);
    expect(text.stderr).toMatch(/^ganway: .*No usable image .* notes\.txt: It is no PNG/m);
    expect((await ganway('dataset', 'add', join(folder, 'none'))).code).toBe(4);
  }, 60_000);
});

describe('an exit code', () => {
  const nowhere = 'local-000000000000000000';
  it.each([
    ['no verb', 2, [], /Usage: ganway/],
    ['an unknown verb', 2, ['fly'], /unknown command 'fly'/],
    ['an unknown option', 2, ['runs', '--fly'], /unknown option '--fly'/],
    ['no data set', 2, ['train'], /--dataset/],
    ['a number that is none', 2, ['train', '--dataset', 'digits', '--kimg', 'much'], /must be a number/],
    ['half an image', 2, ['train', '--dataset', 'digits', '--batch-size', '1.5'], /whole number/],
    ['no runs', 2, ['runs', '--limit', '0'], /at least 1/],
    ['a setting that is none', 2, ['train', '--dataset', 'digits', '--set', 'seed'], /PATH=VALUE/],
    [
      'a misspelt setting',
      2,
      ['train', '--dataset', 'digits', '--set', 'optimizer.x=1'],
      /"input\.training".*mean "optimizers"\?/,
    ],
    [
      'a misspelt loss',
      2,
      ['train', '--dataset', 'digits', '--loss', 'minmax'],
      /mean the enum value "MINIMAX"\?.*BAD_USER_INPUT/,
    ],
    ['a misspelt verb', 2, ['checkpoint', nowhere], /Did you mean checkpoints\?/],
    ['no format', 2, ['export', nowhere, '-o', 'nowhere'], /required option '--format/],
    [
      'a checkpoint that is none',
      4,
      ['train', '--from', `${nowhere}~checkpoint~1~1`],
      /checkpoint .* ganway checkpoints local-0+ /,
    ],
    ['no run to begin with', 4, ['train', '--from', nowhere], /There is no run or checkpoint/],
    ['checkpoints of nothing', 4, ['checkpoints', nowhere], /There is no run/],
    ['exporting nothing', 4, ['export', nowhere, '-o', 'nowhere', '--format', 'tfjs'], /There is no run or checkpoint/],
    ['a spec that is no JSON', 2, ['train', '--dataset', 'digits', '--spec', '{'], /JSON object/],
    ['an unknown field of the spec', 2, ['train', '--dataset', 'digits', '--spec', '{"a":1}'], /"a" is not defined/],
    ['an unknown phase', 2, ['runs', '--phase', 'FLYING'], /"FLYING" does not exist/],
    ['every mistake at once', 2, ['train', '--dataset', 'digit', '--kimg', '-1'], /digits.*\n.*kimg must be above 0/],
    ['a server that is no URL', 2, ['--server', 'localhost:4000', 'runs'], /must be a URL/],
    ['a run that is none', 4, ['watch', nowhere], /There is no run/],
    ['stopping nothing', 4, ['stop', nowhere], /There is no run/],
    ['resuming nothing', 4, ['resume', nowhere], /There is no run/],
    ['a server that is away', 3, ['--server', 'http://127.0.0.1:1', 'runs'], /npm start/],
  ] as const)('says what is wrong: %s is %i', async (_name, code, args, words) => {
    const ended = await ganway(...args);
    expect(ended.stderr).toMatch(words);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  });

  it('says that another program answers: 3', async () => {
    const ended = await ganway('--server', stack.ready.queue.endpoint, 'runs');
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(/No Ganway at/) });
  });

  it('of samples of no run is 4, and no folder is made', async () => {
    const folder = temporaryFolder();
    expect((await ganway('samples', nowhere, '-o', join(folder, 'sheets'))).code).toBe(4);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('ganway up', () => {
  const up = (...args: string[]) => ganway('up', '--no-demo', ...args);

  it.each([
    [
      'a home that is in use',
      () => ['--home', stack.home, '--port', '0'],
      /already open in process \d+\. Stop that process/,
    ],
    ['a port that is in use', () => ['--home', newHome(), '--port', new URL(stack.origin).port], /Port \d+ is in use/],
    ['a home below a file', () => ['--home', join(ROOT, 'package.json', 'home'), '--port', '0'], /cannot be written/],
    ['a home that is a file', () => ['--home', join(ROOT, 'package.json'), '--port', '0'], /cannot be written/],
    ['a home in a place without files', () => ['--home', '/proc/home', '--port', '0'], /cannot be (written|made)/],
    ['an unknown option', () => ['--fly'], /'--fly'[\s\S]*--port N/],
    ['a port that is none', () => ['--port', '99999'], /--port must be a whole number/],
    ['an unknown store', () => ['--store', 'tape'], /minio or embedded/],
  ])(
    'ends with a sentence and 1 at %s',
    async (_name, args, words) => {
      const ended = await up(...args());
      expect(ended.stderr).toMatch(words);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).not.toMatch(/^ {4}at /m);
    },
    60_000,
  );

  it('leaves the Ganway that has the home alone', async () => {
    expect((await ganway('runs')).code).toBe(0);
  });
});
