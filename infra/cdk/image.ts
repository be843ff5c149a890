/** The container's images, built from the checkout where it is deployed; knows no registry and no machine. */
import { fileURLToPath } from 'node:url';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { IgnoreMode } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCKERFILE = 'batch/Dockerfile';

/** What an image is made of; whatever else lies in a checkout neither travels to the builder nor makes a new image. */
const CONTEXT = [
  'batch',
  'graph',
  'infra',
  'functions',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
];
const NOT_OF_IT = ['infra/cdk', 'infra/test', '**/*.test.ts'];

/** @param device `cpu` has no libraries of NVIDIA, and so is there in a fraction of the time */
export function trainerImage(scope: Construct, device: 'gpu' | 'cpu'): DockerImageAsset {
  return new DockerImageAsset(scope, `Image-${device}`, {
    directory: ROOT,
    file: DOCKERFILE,
    buildArgs: { DEVICE: device },
    // GPUs of this kind are rented with processors of this kind only.
    platform: Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
    exclude: ['*', ...CONTEXT.map((path) => `!${path}`), ...NOT_OF_IT],
  });
}
