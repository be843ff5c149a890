import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presets } from '../../graph/spec/presets.ts';
import type { PlayerCount, TrainingCount } from '../models/describe.ts';
import { main } from './main.ts';

const out: string[] = [];
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => out.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

const describeAs = (...argv: string[]) => {
  out.length = 0;
  return { code: main(argv), text: out.join('\n') };
};
const json = (...argv: string[]): TrainingCount => JSON.parse(describeAs(...argv, '--json').text);

describe.each(presets.map(({ id }) => id))('ganway describe %s', (id) => {
  it('finds layers that add up to the whole network', () => {
    const { generator, discriminator } = json(id, '--size', '32');
    const sum = ({ layers }: PlayerCount, what: 'parameters' | 'flops') =>
      layers.reduce((total, layer) => total + layer[what], 0);
    for (const player of [generator, discriminator]) {
      expect(player.layers.length).toBeGreaterThan(2);
      expect(sum(player, 'parameters')).toBe(player.parameters);
      expect(sum(player, 'flops')).toBe(player.flops);
    }
    expect(generator.layers.at(-1)?.shape.reduce((a, b) => a * b)).toBe(32 * 32 * 32 * 3);
  });

  it('counts a step as some passes of both networks, and memory that grows with the images', () => {
    const [small, large] = [json(id, '--size', '32', '--batch', '8'), json(id, '--size', '64', '--batch', '8')];
    const { generator, discriminator, stepFlops } = small;
    expect(stepFlops).toBeGreaterThan(3 * (generator.flops + discriminator.flops));
    expect(stepFlops).toBeLessThan(30 * (generator.flops + discriminator.flops));
    expect(large.memory.total).toBeGreaterThan(small.memory.total);
    expect(large.memory.data).toBe(4 * small.memory.data);
  });
});

describe('ganway describe', () => {
  it('prints a table a network and the sums', () => {
    const { code, text } = describeAs('article-dcgan', '--size', '64', '--channels', '3', '--batch', '32');
    expect(code).toBe(0);
    expect(text).toMatch(/^article-dcgan on 10,000 images of 64×64×3, batch 32\n/);
    expect(text).toMatch(/^ {2}stage3 +\[32, 64, 64, 3\] +3,075 +\d+ MFLOP$/m);
    expect(text).toMatch(/^ {2}total +2,329,795 +4.61 GFLOP$/m);
    expect(text).toMatch(/^peak memory +[\d,]+ MB /m);
  });

  it('counts what networks know of classes where it is told of labels', () => {
    const of = (...more: string[]) => json('r3gan', '--size', '28', '--channels', '1', ...more);
    const [without, told] = [of(), of('--classes', '10')];
    expect(told.generator.parameters - without.generator.parameters).toBe(10 * 128);
    expect(told.discriminator.parameters - without.discriminator.parameters).toBe(10 * 128);
  });

  it('takes what it is told of images and batch, and else 10,000 in colour at 64×64', () => {
    expect(describeAs('article-dcgan').text).toMatch(/^article-dcgan on 10,000 images of 64×64×3, batch 32\n/);
    const told = ['article-dcgan', '--images', '500', '--batch', '16', '--size', '32', '--channels', '1'];
    expect(describeAs(...told).text).toMatch(/^article-dcgan on 500 images of 32×32×1, batch 16\n/);
    expect(JSON.parse(describeAs(...told, '--json').text).spec).toMatchObject({ task: 'TRAIN', batchSize: 16 });
  });

  it('explains itself where it is asked to', () => {
    expect(describeAs('--help')).toMatchObject({ code: 0, text: expect.stringMatching(/--size <pixels>/) });
  });

  it('names the nearest preset where there is none of that name', () => {
    expect(describeAs('article-dcgn')).toEqual({
      code: 2,
      text: 'ganway: There is no preset "article-dcgn". Did you mean "article-dcgan"?',
    });
  });

  it('refuses what cannot be', () => {
    expect(describeAs('article-dcgan', '--size', '4')).toMatchObject({ code: 2, text: /cannot be halved/ });
    expect(describeAs('article-dcgan', '--channels', '2')).toMatchObject({ code: 2, text: /must be 1 or 3/ });
    for (const size of ['0', '2.5', 'big']) {
      expect(describeAs('article-dcgan', '--size', size)).toMatchObject({ code: 2, text: /whole number from 1/ });
    }
    expect(describeAs()).toMatchObject({ code: 2, text: /missing required argument/ });
  });
});
