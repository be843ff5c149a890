/** Lists a zip file (zip64 too) and reads its entries where they lie; writes nothing, so that names can do no harm. */
import { getFileNameLowLevel, openPromise, type Entry as ZipEntry, type ZipFile } from 'yauzl';
import { type Entry, type Listing, sortEntries } from './entry.ts';
import { formatBytes, type ImportLimits, Unusable, unpackedLimit } from './limits.ts';

/**
 * The files of a zip. Sizes are what the directory of the zip states; reading more than that is an error, so the sum
 * of the stated sizes bounds what a zip bomb can cost.
 *
 * @throws Unusable where the file is no readable zip, or beyond the limits
 */
export async function listZip(path: string, limits: ImportLimits): Promise<Listing> {
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    return { entries: await listEntries(zip, limits), close: async () => zip.close() };
  } catch (cause) {
    zip.close();
    throw cause instanceof Unusable ? cause : unreadable(cause);
  }
}

async function listEntries(zip: ZipFile, limits: ImportLimits): Promise<Entry[]> {
  const limit = unpackedLimit(zip.fileSize, limits);
  const entries: Entry[] = [];
  let unpacked = 0;
  if (zip.entryCount > limits.files) throw new Unusable(`The zip holds more than ${limits.files} files.`);
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    unpacked += entry.uncompressedSize;
    if (unpacked > limit) throw new Unusable(`The zip unpacks to more than ${formatBytes(limit)}.`);
    entries.push({ path, bytes: entry.uncompressedSize, file: null, open: () => openStream(zip, entry) });
  }
  return sortEntries(entries);
}

/** Some programs write backslashes, against the format. */
function nameOf(entry: ZipEntry): string {
  const raw = Buffer.from(entry.fileNameRaw);
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false).replaceAll('\\', '/');
}

async function openStream(zip: ZipFile, entry: ZipEntry) {
  if (entry.isEncrypted()) throw new Unusable('It is encrypted. Zip the images without a password.');
  if (!entry.canDecodeFileData()) {
    throw new Unusable(
      `It is packed by method ${entry.compressionMethod}; only stored and deflated files can be read.`,
    );
  }
  return zip.openReadStreamPromise(entry);
}

function unreadable(cause: unknown): Unusable {
  return new Unusable(`The zip cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
}
