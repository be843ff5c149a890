/** `ganway keys` and `ganway member`: who may come into a project, for its ADMINs. */
import {
  ApiKeysDocument,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  type Role,
  SetMemberDocument,
} from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { EXIT, refusal } from './exit.ts';
import { type Terminal, table } from './terminal.ts';

export interface CreateKeyOptions {
  readonly name: string;
  readonly role: Role;
  readonly project?: string | undefined;
  /** How many days it is good for; undefined for as long as nobody revokes it. */
  readonly days?: number | undefined;
}

const DAY_MS = 86_400_000;

/** Prints the token alone, so that a script can put it where it belongs. */
export async function createKey(
  transport: Transport,
  terminal: Terminal,
  { name, role, project, days }: CreateKeyOptions,
): Promise<number> {
  const expiresAt = days === undefined ? null : new Date(Date.now() + days * DAY_MS).toISOString();
  const input = { name, role, project: project ?? null, expiresAt };
  const { createApiKey: result } = await transport.request(CreateApiKeyDocument, { input });
  if (result.__typename !== 'CreateApiKeySuccess') throw refusal(result);
  const { key, token } = result;
  if (terminal.json) terminal.value({ ...key, token });
  else terminal.print(token);
  terminal.note(`This is shown once. GANWAY_TOKEN holds it; ganway keys revoke ${key.id} ends it.`);
  return EXIT.ok;
}

export async function listKeys(transport: Transport, terminal: Terminal, project?: string): Promise<number> {
  const { apiKeys: result } = await transport.request(ApiKeysDocument, { project: project ?? null });
  if (result.__typename !== 'ApiKeyList') throw refusal(result);
  if (terminal.json) {
    for (const key of result.keys) terminal.value(key);
    return EXIT.ok;
  }
  const rows = result.keys.map(({ id, role, name, createdBy, createdAt, expiresAt }) => [
    ...[id, role, name, createdBy],
    ...[createdAt.slice(0, 10), expiresAt?.slice(0, 10) ?? 'never'],
  ]);
  terminal.print(
    rows.length > 0
      ? table(['KEY', 'ROLE', 'NAME', 'MADE BY', 'ON', 'ENDS'], rows)
      : 'No keys yet. ganway keys create NAME --role runner makes one.',
  );
  return EXIT.ok;
}

export async function revokeKey(transport: Transport, terminal: Terminal, id: string): Promise<number> {
  const { revokeApiKey: result } = await transport.request(RevokeApiKeyDocument, { id });
  if (result.__typename !== 'RevokeApiKeySuccess') throw refusal(result);
  if (terminal.json) terminal.value({ id: result.id });
  else terminal.print(`${id} is revoked; within a minute nobody comes in by it.`);
  return EXIT.ok;
}

export interface MemberOptions {
  readonly user: string;
  /** Null takes them out. */
  readonly role: Role | null;
  readonly project?: string | undefined;
}

export async function member(
  transport: Transport,
  terminal: Terminal,
  { user, role, project }: MemberOptions,
): Promise<number> {
  const input = { user, role, project: project ?? null };
  const { setMember: result } = await transport.request(SetMemberDocument, { input });
  if (result.__typename !== 'SetMemberSuccess') throw refusal(result);
  if (terminal.json) terminal.value({ user, role });
  else terminal.print(role === null ? `${user} is out.` : `${user} is ${role}.`);
  return EXIT.ok;
}
