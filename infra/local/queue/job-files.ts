/** Keeps one JSON file per job, each written whole or not at all; knows nothing of what is in them. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './job.ts';

export interface JobFiles {
  /** All jobs on disk. A file that cannot be read is set aside as `*.broken` and reported. */
  load(): Job[];
  /** @param durable whether it must survive a power cut once this returns, not only the end of the process */
  save(job: Job, durable: boolean): void;
  remove(id: string): void;
}

export function openJobFiles(folder: string, report: (message: string) => void): JobFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => join(folder, `${id.replace(':', '_')}.json`);
  return {
    load() {
      return readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        if (name.endsWith('.tmp')) rmSync(path);
        if (!name.endsWith('.json')) return [];
        try {
          return [parse(readFileSync(path, 'utf8'))];
        } catch (error) {
          renameSync(path, `${path}.broken`);
          report(`The job file ${path} cannot be read and is now ${name}.broken: ${(error as Error).message}`);
          return [];
        }
      });
    },
    save(job, durable) {
      const path = pathOf(job.id);
      // Jobs carry the credentials of their storage.
      writeFileSync(`${path}.tmp`, JSON.stringify(job), { mode: 0o600, flush: durable });
      renameSync(`${path}.tmp`, path);
    },
    remove(id) {
      rmSync(pathOf(id), { force: true });
    },
  };
}

function parse(text: string): Job {
  const job = JSON.parse(text) as Job;
  if (job.v !== 1) throw new Error(`version ${String(job.v)} is not known here`);
  return job;
}
