/** TensorFlow's stateless random numbers, from the same bits; knows no stream. */
import { philox } from '../../philox.ts';

type Words = readonly [number, number, number, number];

/** The key that TensorFlow mixes seeds with, "so that the user need not care which part is strong". */
const MIX = [0x3ec8f720, 0x02461e29] as const;

/**
 * At least `count` uint32 numbers, whole blocks of four, by a stream's key: those of StatelessRandomUniformFullInt.
 * Seeds go through Philox once; two words of the result are the key and two the high half of the counter, whose low
 * half counts the blocks (GenerateKey in stateless_random_ops.cc).
 */
export function randomWords(count: number, key: Words): Uint32Array {
  const [key0, key1, high0, high1] = philox(key, MIX);
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  for (let block = 0; 4 * block < count; block++) words.set(philox([block, 0, high0, high1], [key0, key1]), 4 * block);
  return words;
}

/** Uniform numbers in [0, 1): the low 23 bits of a word are the fraction of a float in [1, 2) (Uint32ToFloat). */
export function uniformFloats(words: Uint32Array): Float32Array {
  return Float32Array.from(words, fractionOf);
}

/** Normal numbers from pairs of words (Box and Muller 1958), rounded where BoxMullerFloat of TensorFlow rounds. */
export function normalFloats(words: Uint32Array): Float32Array {
  const values = new Float32Array(words.length);
  for (let at = 0; at < words.length; at += 2) {
    const [first = 0, second = 0] = [words[at], words[at + 1]];
    const uniform = Math.max(fractionOf(first), Math.fround(1e-7));
    const angle = Math.fround(2 * Math.PI * fractionOf(second));
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(uniform)))));
    values[at] = Math.fround(Math.sin(angle)) * radius;
    values[at + 1] = Math.fround(Math.cos(angle)) * radius;
  }
  return values;
}

const fractionOf = (word: number): number => (word & 0x7fffff) / 2 ** 23;
