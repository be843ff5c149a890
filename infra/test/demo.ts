/** The demo as CI sees it: a fresh home, a short training on real digits through the API, its sheets as real pictures; knows no TensorFlow. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { main as ganway } from '../../graph/client/cli/main.ts';
import { startStack } from './stack.ts';

/** Enough for the generator to put light where digits are and dark where they are not. */
const KIMG = '6';

/** Runs the demo to its end. Throws where it does not end well. */
export async function main(): Promise<void> {
  const stack = await startStack();
  const folder = mkdtempSync(join(tmpdir(), 'ganway-demo-'));
  try {
    const server = ['--server', stack.origin];
    await expectOk([...server, 'train', '--dataset', 'digits', '--kimg', KIMG, '--follow']);
    const { runs } = await stack.graphql<{ runs: { edges: { node: { id: string } }[] } }>(
      '{ runs(first: 1) { edges { node { id } } } }',
    );
    await expectOk([...server, 'samples', runs.edges[0]?.node.id ?? '', '-o', folder]);
    await checkSheets(folder);
    console.log('the demo run is complete');
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(stack.home, { recursive: true, force: true });
  }
}

async function expectOk(argv: readonly string[]): Promise<void> {
  const code = await ganway(argv);
  if (code !== 0) throw new Error(`ganway ${argv.join(' ')} ended with ${code}.`);
}

/** Sheets must be pictures, and training must have changed them: neither noise nor one flat colour. */
async function checkSheets(folder: string): Promise<void> {
  const files = readdirSync(folder).sort();
  const [first = '', last = ''] = [files[0], files.at(-1)];
  if (files.length < 3) throw new Error(`The run left only ${files.length} sheets.`);
  const [before, after] = await Promise.all([first, last].map((file) => sharp(join(folder, file)).stats()));
  const spread = after?.channels[0]?.stdev ?? 0;
  if (spread < 20) throw new Error(`The last sheet is one flat colour (standard deviation ${spread}).`);
  if (before?.channels[0]?.mean === after?.channels[0]?.mean)
    throw new Error('Training changed nothing on the sheets.');
}
