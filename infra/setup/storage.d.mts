/** Types of `storage.mjs`. */
import type { Prepared } from './prepare.mjs';
import type { Progress } from './progress.mjs';

/** A MinIO that is there already: in the cache, or on PATH and new enough; null where there is none. */
export function findMinio(cache: string, progress: Pick<Progress, 'note'>): Promise<string | null>;

/** The endpoint given by `GANWAY_S3_*`; null where none is given. Throws SetupError naming every variable that is missing. */
export function endpointOf(env: NodeJS.ProcessEnv): Prepared['s3'];

/** Which object storage a command gets; builds MinIO where it must and can. */
export function prepareStorage(options: {
  readonly cache: string;
  readonly progress: Progress;
  readonly wanted: 'minio' | 'embedded' | null;
}): Promise<Pick<Prepared, 'storeKind' | 'minioPath' | 's3'>>;
