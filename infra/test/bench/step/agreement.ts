/** Whether a contender's step is Ganway's: equal work is equal mathematics; times nothing. */
import type { State } from '../../peers/tolerance.ts';

/**
 * A step moves each weight; of one tensor's movement, this share may differ. Contenders compute in float32 and sum in
 * orders of their own: 1e-4 was seen at 28×28 pixels and 3e-3 at 64×64, where some units of millions are carried across
 * the kink of LeakyReLU or ReLU and batch norm spreads their gradient (see peers/tolerance). A missing term, another
 * padding or another update is tenths and more.
 */
export const TOLERANCE = 0.05;

export interface Disagreement {
  /** The weight that differs most. */
  readonly name: string;
  /** ‖own movement - their movement‖ / ‖own movement‖. */
  readonly share: number;
}

/** How far the movements from `before` to `own` and to `theirs` lie apart, over all weights. */
export function disagreement(before: State, own: State, theirs: State): Disagreement {
  let worst: Disagreement = { name: '', share: 0 };
  for (const [name, { data }] of own) {
    if (name.startsWith('adam/')) continue;
    const [from, to] = [before.get(name)?.data, theirs.get(name)?.data];
    if (!from || !to) return { name, share: Number.POSITIVE_INFINITY };
    let [moved, apart] = [0, 0];
    data.forEach((value, at) => {
      moved += (value - (from[at] ?? 0)) ** 2;
      apart += (value - (to[at] ?? 0)) ** 2;
    });
    // A weight that neither moves agrees; a number that is none never does.
    const share = apart === 0 ? 0 : Math.sqrt(apart / moved);
    if (Number.isNaN(share)) return { name, share };
    if (share > worst.share) worst = { name, share };
  }
  return worst;
}
