/** Tells names of this very machine from all others; resolves none. */
import { isIP } from 'node:net';

export function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}
