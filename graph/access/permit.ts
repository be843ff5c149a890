/** What a viewer may do in a project, by role; knows no run, no token and nothing of where roles are kept. */
import type { Role, Viewer } from '../ganway.ts';

export type Membership = Viewer['projects'][number];

/** Each role may do what the ones before it may. A role that is none of these may do nothing. */
const RANK: Readonly<Record<Role, number>> = { VIEWER: 1, RUNNER: 2, ADMIN: 3 };

/**
 * Why something is not done. `notFound`: there is no such thing, or none that the viewer may see; the two have one answer.
 * `forbidden`: the viewer sees it, and has too small a role.
 */
export interface Denied {
  readonly kind: 'notFound' | 'forbidden';
  readonly message: string;
}

export type Permit = { readonly kind: 'permitted'; readonly project: Membership } | Denied;

/** The project an input names, or the viewer's first; null where the viewer has no such project. */
export function projectOf(viewer: Viewer, projectId: string | null | undefined): Membership | null {
  const known = viewer.projects.filter(({ role }) => Object.hasOwn(RANK, role));
  if (projectId == null) return known[0] ?? null;
  return known.find((project) => project.id === projectId) ?? null;
}

/** Whether a viewer may look at what is in a project. */
export function sees(viewer: Viewer, projectId: string): boolean {
  return projectOf(viewer, projectId) !== null;
}

/** The project, where the viewer has at least the role `needed` in it. Null stands for the viewer's first project. */
export function permit(viewer: Viewer, projectId: string | null | undefined, needed: Role): Permit {
  const project = projectOf(viewer, projectId);
  if (project === null) {
    const message =
      projectId == null
        ? `You have no project yet. Ask an ADMIN of one to let "${viewer.id}" in.`
        : `There is no project "${projectId}".`;
    return { kind: 'notFound', message };
  }
  if (RANK[project.role] >= RANK[needed]) return { kind: 'permitted', project };
  const message = `This needs the role ${needed} in the project "${project.id}"; yours is ${project.role}. Ask one of its ADMINs.`;
  return { kind: 'forbidden', message };
}
