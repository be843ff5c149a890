/** Shows what the set-up does: one line that is rewritten on a terminal, a line every few seconds elsewhere; knows no step. */

const TTY_EVERY_MS = 100;
const LOG_EVERY_MS = 5000;

/**
 * @typedef {object} Step
 * @property {(text: string) => void} now      what it does at this moment
 * @property {(done: number, total: number) => void} bytes   how much of a download is there
 * @property {(text?: string) => void} done    ended well; the text, if any, stays on the screen
 * @typedef {object} Progress
 * @property {(title: string) => Step} step
 * @property {(text: string) => void} note     a sentence that stays on the screen
 * @property {() => void} close                removes the line and stops the clock
 */

/**
 * Steps may run side by side. Everything goes to stderr, so that stdout holds answers alone.
 * @param {{stream?: NodeJS.WriteStream, quiet?: boolean}} [options]
 * @returns {Progress}
 */
export function createProgress({ stream = process.stderr, quiet = false } = {}) {
  /** @type {Map<object, {title: string, text: string, since: number}>} */
  const running = new Map();
  const tty = Boolean(stream.isTTY) && !quiet;
  const erase = () => tty && stream.write('\r\x1b[2K');
  const print = (/** @type {string} */ text) => {
    if (quiet) return;
    erase();
    stream.write(`${text}\n`);
  };
  const describe = () =>
    [...running.values()].map(({ title, text, since }) => {
      const seconds = Math.round((performance.now() - since) / 1000);
      return `${title}${text && `: ${text}`} (${seconds} s)`;
    });
  const show = () => {
    if (quiet || running.size === 0) return;
    if (tty)
      stream.write(
        `\r\x1b[2K${describe()
          .join(' · ')
          .slice(0, Math.max(20, (stream.columns || 80) - 1))}`,
      );
    else for (const line of describe()) stream.write(`${line}\n`);
  };
  /** @type {NodeJS.Timeout | undefined} */
  let clock;
  const pause = () => {
    erase();
    clearInterval(clock);
    clock = undefined;
  };
  return {
    step(title) {
      const entry = { title, text: '', since: performance.now() };
      running.set(entry, entry);
      if (!tty) print(`${title} …`);
      clock ??= setInterval(show, tty ? TTY_EVERY_MS : LOG_EVERY_MS).unref();
      return {
        now(text) {
          entry.text = text;
        },
        bytes(done, total) {
          const percent = Math.floor((100 * done) / total);
          entry.text = `${(done / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB, ${percent} %`;
        },
        done(text) {
          running.delete(entry);
          if (text) print(`${title}: ${text} (${((performance.now() - entry.since) / 1000).toFixed(1)} s)`);
          if (running.size === 0) pause();
        },
      };
    },
    note: print,
    close() {
      running.clear();
      pause();
    },
  };
}
