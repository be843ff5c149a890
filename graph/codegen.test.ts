import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generate } from './codegen.ts';

describe('generated files', () => {
  it('are those of the schema as it is now; otherwise run `npm run codegen`', async () => {
    const generated = await generate();
    expect(generated.length).toBeGreaterThan(1);
    for (const { path, content } of generated) {
      const current = readFileSync(new URL(path, import.meta.url), 'utf8');
      expect([path, current === content]).toEqual([path, true]);
    }
  });
});
