import { expect, inject, test, vi } from 'vitest';
import { LaunchRefused } from './launch-credentials.ts';
import { storageError, verdictOf } from './s3-errors.ts';
import { openS3Store } from './s3-store.ts';

const s3 = inject('s3');

const reply = (httpStatusCode: number, name = 'Error'): Error =>
  Object.assign(new Error('told by the server'), { name, $metadata: { httpStatusCode } });

test.each([
  [reply(409), 'retry'],
  [reply(429), 'retry'],
  [reply(503, 'SlowDown'), 'retry'],
  [reply(400, 'RequestTimeout'), 'retry'],
  [Object.assign(new Error(), { code: 'ECONNRESET' }), 'retry'],
  [reply(400, 'InvalidArgument'), 'refused'],
  [reply(403, 'AccessDenied'), 'refused'],
  [Object.assign(new Error(), { name: 'CredentialsProviderError' }), 'refused'],
  [new LaunchRefused('OVER', 'The run has ended.'), 'refused'],
  [reply(507, 'XMinioStorageFull'), 'full'],
] as const)('%o is worth: %s', (error, verdict) => {
  expect(verdictOf(error)).toBe(verdict);
});

test('an error for the caller keeps its cause and says where it happened', () => {
  const cause = reply(403, 'AccessDenied');
  const error = storageError(cause, 'refused', 'The storage');
  expect(error).toMatchObject({ code: 'REFUSED', cause });
  expect(error.message).toMatch(/^The storage refuses \(AccessDenied: told by the server\)/);
});

if (s3) {
  test('a machine whose clock is an hour off gets through at the second try', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      const once = openS3Store({ ...s3, retryForMs: 0 }).get('clock');
      await expect(once).rejects.toThrow(/RequestTimeTooSkewed/);
      expect(await openS3Store(s3).get('clock')).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
}
