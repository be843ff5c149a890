#!/usr/bin/env node
/** The program `ganway`: sends the verbs of this machine to infra and batch and all others to the client; knows nothing else. */
import { fileURLToPath } from 'node:url';

const [verb, ...rest] = process.argv.slice(2);
switch (verb) {
  case 'up':
    process.argv.splice(2, 1);
    await import('../../../infra/setup/start.mjs');
    break;
  case 'doctor': {
    const { register } = await tsx();
    register();
    const { doctor, formatReport } = await import('../../../infra/setup/doctor.ts');
    const report = await doctor();
    console.log(rest.includes('--json') ? JSON.stringify(report) : formatReport(report));
    process.exitCode = report.ok ? 0 : 1;
    break;
  }
  case 'describe': {
    const { register } = await tsx();
    register();
    const { main } = await import('../../../batch/describe/main.ts');
    process.exitCode = main(rest);
    break;
  }
  case 'deploy':
  case 'destroy': {
    const { register } = await tsx();
    register();
    const { main } = await import('../../../infra/setup/deploy.ts');
    process.exitCode = await main(verb, rest);
    break;
  }
  case 'metric': {
    const { register } = await tsx();
    register();
    const { main } = await import('../../../batch/metrics/main.ts');
    process.exitCode = await main(rest, { prepareCompute });
    break;
  }
  case 'extractor': {
    const { register } = await tsx();
    register();
    const { main } = await import('../../../batch/metrics/extractor/main.ts');
    process.exitCode = await main(rest, { prepareCompute });
    break;
  }
  case 'prices': {
    const { register } = await tsx();
    register();
    const { main } = await import('../../../infra/setup/refresh-prices.ts');
    process.exitCode = await main(rest);
    break;
  }
  default: {
    const { register } = await tsx();
    register();
    const { main } = await import('./main.ts');
    process.exitCode = await main(process.argv.slice(2));
  }
}

/** @param {number} threads */
async function prepareCompute(threads) {
  return (await import('../../../infra/setup/compute.mjs')).prepareCompute(threads);
}

async function tsx() {
  try {
    return await import('tsx/esm/api');
  } catch {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    console.error(`ganway: the packages are not installed yet. Run npm start in ${root} once.`);
    process.exit(1);
  }
}
