/** What a stage is: everything that a deployer chooses, and what is wrong with a choice; knows no construct. */
import { SIZES } from '../../graph/money/sizes.ts';
import { PROJECT_ID } from '../../graph/storage/keys.ts';

export interface Stage {
  /** In the name of everything: 1 to 12 lower-case letters and digits, beginning with a letter. */
  readonly name: string;
  /** Twelve digits; left out, the account of the credentials in use. */
  readonly account?: string;
  /** For instance `eu-central-1`; left out, the region of the credentials in use. */
  readonly region?: string;
  /** Project of launches that name none. */
  readonly project: string;
  /** Runs that may be open at once in a project. */
  readonly maxOpenRuns: number;
  /** Ids of `graph/money/sizes.ts` that may be rented; the first with a GPU is the one of trainings that name none. */
  readonly sizes: readonly string[];
  /** The most virtual processors rented at once, of each size and kind (spot, on demand). It is also a limit of spending. */
  readonly maxVcpus: number;
  /** Disk of a rented machine in GiB: image, data sets, scratch. It costs 0.08 $ a GiB and month, while the machine runs. */
  readonly diskGib: number;
  readonly network: Network;
  /** Who is believed; null: nobody can come in, since keys are made by those who are in. */
  readonly identity: {
    /** URL of an OpenID Connect issuer, as it stands in its tokens. */
    readonly issuer: string;
    /** What its tokens must be for. */
    readonly audience: string;
    /** Subjects of the issuer who are the first to come in, as administrators. */
    readonly admins: readonly string[];
  } | null;
  /** One of the retentions that CloudWatch has, days. */
  readonly logDays: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 180 | 365;
  /** Gets the alarms, after a click in the mail that asks for it; null: they are only shown in the console. */
  readonly alarmMail: string | null;
  /** Spending of the *account* in a month, US dollars, that is an alarm: at 80 %, at 100 %, and when 100 % is forecast. */
  readonly monthlyBudgetUsd: number;
}

/**
 * How rented machines reach the registry, the queue and the API. In each case S3 is reached through a gateway endpoint,
 * which costs nothing, and nobody can open a connection to a machine.
 *
 * - `public`: each has an address of its own: 0.005 $ an hour while it runs, nothing else.
 * - `nat`: they share one NAT gateway: 0.045 $ an hour, about 33 $ a month, *always*, and 0.045 $ a GB. For accounts
 *   that allow no public addresses.
 *
 * Interface endpoints are no third way: the API that gives out credentials has none, and seven of them cost more than the NAT.
 */
export type Network = 'public' | 'nat';

const NAME = /^[a-z][a-z0-9]{0,11}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Every problem of a stage, as `path: what is wrong`; none where it can be deployed. */
export function problemsOf(stage: Stage): string[] {
  const { name, account, region, project, sizes, maxVcpus, identity, alarmMail } = stage;
  const problems: string[] = [];
  const check = (good: boolean, path: string, problem: string): void => {
    if (!good) problems.push(`${path}: ${problem}`);
  };
  const atLeast = (path: 'maxOpenRuns' | 'diskGib' | 'monthlyBudgetUsd', min: number): void =>
    check(stage[path] >= min, path, `must be ${min} or more, not ${stage[path]}`);
  check(NAME.test(name), 'name', `must be 1 to 12 lower-case letters and digits, beginning with a letter, not ${name}`);
  check(account === undefined || /^\d{12}$/.test(account), 'account', 'must be twelve digits');
  check(region === undefined || REGION.test(region), 'region', `must be a region, for instance eu-central-1`);
  check(PROJECT_ID.test(project), 'project', 'must be 1 to 32 lower-case letters and digits, beginning with a letter');
  const known = new Map(SIZES.map((size) => [size.id, size]));
  sizes.forEach((id, i) => {
    const size = known.get(id);
    check(size !== undefined, `sizes[${i}]`, `there is no size ${id}; there are ${[...known.keys()].join(', ')}`);
    check(sizes.indexOf(id) === i, `sizes[${i}]`, `${id} is there twice`);
    if (size) check(maxVcpus >= size.vcpus, 'maxVcpus', `must be ${size.vcpus} or more for one machine of ${id}`);
  });
  check(
    sizes.some((id) => (known.get(id)?.gpus ?? 0) > 0),
    'sizes',
    'must name one with a GPU',
  );
  atLeast('maxOpenRuns', 1);
  // The image alone is several GiB, and an instance's own image takes 30.
  atLeast('diskGib', 50);
  atLeast('monthlyBudgetUsd', 1);
  if (identity) {
    check(/^https:\/\//.test(identity.issuer), 'identity.issuer', 'must be a URL of https');
    check(identity.audience !== '', 'identity.audience', 'must not be empty');
    check(identity.admins.length > 0, 'identity.admins', 'must name the first to come in');
    check(!identity.admins.some((subject) => /\s/.test(subject)), 'identity.admins', 'must have no spaces in them');
  }
  check(alarmMail === null || /^[^\s@]+@[^\s@]+$/.test(alarmMail), 'alarmMail', 'must be a mail address or null');
  return problems;
}
