/** Reads what a Dockerfile says of the image that it ends in, as far as whoever runs one without an engine needs; builds nothing. */

export interface ImageConfig {
  readonly environment: Readonly<Record<string, string>>;
  /** `uid:gid`. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly workingDirectory: string;
  /** Folders of an earlier stage, in the order of the layers they become, and where each goes. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

/** The last stage of a Dockerfile. Throws where it is not told in the forms that this project uses: exec form, `ENV NAME=value`. */
export function imageConfig(text: string): ImageConfig {
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim());
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const all = (instruction: string): string[] =>
    stage.flatMap((line) => (line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1).trim()] : []));
  const one = (instruction: string): string => {
    const found = all(instruction).at(-1);
    if (found === undefined) throw new Error(`The last stage of the Dockerfile has no ${instruction}.`);
    return found;
  };
  const pairs = all('ENV').flatMap((line) => line.split(/\s+/).map((pair) => /^(\w+)=(.*)$/.exec(pair)));
  return {
    environment: Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]])),
    user: one('USER'),
    entrypoint: JSON.parse(one('ENTRYPOINT')) as string[],
    workingDirectory: one('WORKDIR'),
    copies: all('COPY').map((line) => {
      const [from = '', to = ''] = line.split(/\s+/).filter((word) => !word.startsWith('--'));
      return { from, to };
    }),
  };
}
