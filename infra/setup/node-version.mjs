/** Says no to a Node that cannot run Ganway, before anything else can fail on it in a stranger way. */
import { SetupError } from './setup-error.mjs';

/** @param {string} [version] as `process.versions.node` */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major > 20 && major < 25)) return;
  throw new SetupError(
    `Ganway runs on Node 20.19 to 24; this is Node ${version}. Install another one from https://nodejs.org/en/download (or: nvm install 24), then run the command again.`,
  );
}
