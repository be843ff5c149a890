/** The stages there are to deploy: the one file a deployer edits; decides nothing itself. */
import type { Stage } from './stage.ts';

const dev: Stage = {
  name: 'dev',
  project: 'lab',
  maxOpenRuns: 20,
  sizes: ['m7i-large', 'g4dn-xlarge'],
  maxVcpus: 8,
  diskGib: 60,
  network: 'public',
  identity: null,
  logDays: 7,
  alarmMail: null,
  monthlyBudgetUsd: 50,
};

const prod: Stage = {
  name: 'prod',
  project: 'main',
  maxOpenRuns: 100,
  sizes: ['m7i-large', 'g6-xlarge', 'g4dn-xlarge', 'g5-xlarge', 'g6e-xlarge'],
  maxVcpus: 64,
  diskGib: 100,
  network: 'public',
  identity: null,
  logDays: 90,
  alarmMail: null,
  monthlyBudgetUsd: 1000,
};

export const STAGES: readonly Stage[] = [dev, prod];
