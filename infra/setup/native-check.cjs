/** Run as `node native-check.cjs FOLDER`: loads the TensorFlow of a folder as trainings will and prints its version; exits 1 where it does not load. */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.argv[2] ?? '';
const addon = join(folder, 'tfjs_binding.node');
process.stdout.write(existsSync(addon) ? require(addon).TF_Version : versionOf(folder));

/** @param {string} folder */
function versionOf(folder) {
  const koffi = require('koffi');
  const dlopen = koffi.load(null).func('void* dlopen(const char*, int)');
  const dlerror = koffi.load(null).func('const char* dlerror()');
  const libraries = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'].map((file) => join(folder, file));
  // RTLD_NOW | RTLD_NODELETE: TensorFlow does not survive being unloaded.
  for (const library of libraries) if (dlopen(library, 2 | 0x1000) === null) throw new Error(dlerror());
  return koffi.load(libraries[1] ?? '').func('const char* TF_Version()')();
}
