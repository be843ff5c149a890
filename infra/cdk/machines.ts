/** What every rented machine is told when it starts, the disk it has and what it may do; knows no size. */
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  LaunchTemplate,
  MultipartBody,
  MultipartUserData,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A spot machine is told two minutes before it goes; the agent needs the rest to hear of it and to say how it ended. */
export const STOP_TIMEOUT = '100s';

/**
 * The agent's settings, and a wall between a job and the rights of its machine. Jobs share the machine's network, so that
 * neither a hop limit nor a bridge keeps them from its metadata: the kernel does, for all who are not root.
 */
const COMMANDS = [
  'echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config',
  `echo ECS_CONTAINER_STOP_TIMEOUT=${STOP_TIMEOUT} >> /etc/ecs/ecs.config`,
  'iptables --insert OUTPUT --destination 169.254.169.254 --match owner ! --uid-owner 0 --jump REJECT',
];

export function machineTemplate(
  scope: Construct,
  id: string,
  { diskGib }: { readonly diskGib: number },
): LaunchTemplate {
  const userData = new MultipartUserData();
  const shell = UserData.forLinux();
  shell.addCommands(...COMMANDS);
  userData.addPart(MultipartBody.fromUserData(shell));
  return new LaunchTemplate(scope, id, {
    userData,
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    httpProtocolIpv6: false,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: BlockDeviceVolume.ebs(diskGib, {
          volumeType: EbsDeviceVolumeType.GP3,
          encrypted: true,
          deleteOnTermination: true,
        }),
      },
    ],
  });
}

/** To be one of a cluster, to pull images and to write logs, as AWS wrote it down. */
export function machineRole(scope: Construct, id: string): Role {
  return new Role(scope, id, {
    description: 'Of rented machines, not of the jobs on them.',
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role')],
  });
}
