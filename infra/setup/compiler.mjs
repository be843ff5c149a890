/** Finds the C++ compiler and says how to get one; compiles nothing. */
import { findProgram } from './command.mjs';

/** Path of the compiler: `$CXX`, else `g++`, `c++` or `clang++` on PATH; null where there is none. @returns {string | null} */
export function findCompiler(env = process.env) {
  const names = env.CXX ? [env.CXX] : ['g++', 'c++', 'clang++'];
  for (const name of names) {
    const found = findProgram(name, env);
    if (found) return found;
  }
  return null;
}

/** The command that installs a compiler on this machine. */
export function compilerHint() {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  if (findProgram('apt-get')) return `${sudo}apt-get update && ${sudo}apt-get install -y g++`;
  if (findProgram('dnf')) return `${sudo}dnf install -y gcc-c++`;
  if (findProgram('yum')) return `${sudo}yum install -y gcc-c++`;
  if (findProgram('zypper')) return `${sudo}zypper install -y gcc-c++`;
  if (findProgram('pacman')) return `${sudo}pacman -S --noconfirm gcc`;
  if (findProgram('apk')) return `${sudo}apk add g++`;
  return 'install g++ with the package manager of your system';
}
