/** AWS's linter for templates, in a Python environment in the cache; asserts nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cacheFolder } from '../../setup/cache.mjs';
import { createProgress } from '../../setup/progress.mjs';
import { pythonEnvironment } from '../../setup/python.mjs';

const PACKAGES = [
  'cfn-lint==1.58.0',
  'jsonpatch==1.48',
  'jsonpointer==3.12',
  'mpmath==1.3.0',
  'networkx==3.6.1',
  'PyYAML==6.0.4',
  'regex==2026.11.19',
  'sympy==1.14.0',
  'typing_extensions==4.16.0',
];

/** Where a stage may be deployed, for one: the linter knows which region has which resource. */
const REGION = 'us-east-1';

/** Findings of templates at these paths, errors and warnings, one line each; none where all is well. */
export async function lintTemplates(paths: readonly string[]): Promise<string[]> {
  const progress = createProgress();
  try {
    const python = await pythonEnvironment({
      name: 'cfn-lint',
      requirements: ['--no-deps', '--only-binary=:all:', ...PACKAGES],
      cache: cacheFolder(),
      progress,
    });
    return await lint(python, paths);
  } finally {
    progress.close();
  }
}

/** W3005: the library says that a function depends on its role where a reference says so, too. */
const IGNORED = 'W3005';

/** Its own script names the place where it was installed, which is not the one where it is now. */
const PROGRAM = 'import sys; from cfnlint.runner import main; sys.exit(main())';

async function lint(python: string, paths: readonly string[]): Promise<string[]> {
  const args = [
    '-c',
    PROGRAM,
    '--format',
    'parseable',
    '--regions',
    REGION,
    '--ignore-checks',
    IGNORED,
    '--',
    ...paths,
  ];
  try {
    await promisify(execFile)(python, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
    return [];
  } catch (error) {
    // It ends with a code of its own where it has found something.
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout.trim().split('\n');
  }
}
