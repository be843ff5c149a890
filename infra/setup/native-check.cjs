/** Run as `node native-check.cjs ADDON`: loads the addon and prints the version of the TensorFlow behind it; exits 1 where it does not load. */
const path = process.argv[2];
process.stdout.write(require(path ?? '').TF_Version);
