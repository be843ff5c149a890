/** The network of rented machines: a way out, no way in; knows no machine. */
import {
  GatewayVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  NatProvider,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Network } from './stage.ts';

export interface MachineNetwork {
  readonly vpc: IVpc;
  readonly subnets: SubnetType;
  readonly securityGroup: ISecurityGroup;
}

/** Zones differ in which machines they have: two give a spot request somewhere to go, and every region has two. */
export const ZONES = [0, 1];

export function createNetwork(scope: Construct, network: Network): MachineNetwork {
  const outside = { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 };
  const inside = { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 };
  // The library's own types do not tell undefined from absent.
  const vpc = new Vpc(scope, 'Network', {
    maxAzs: ZONES.length,
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    // Nothing uses the default group; emptying it takes one more function with rights.
    restrictDefaultSecurityGroup: false,
    ...(network === 'nat'
      ? { natGateways: 1, natGatewayProvider: NatProvider.gateway(), subnetConfiguration: [outside, inside] }
      : { natGateways: 0, subnetConfiguration: [outside] }),
  }) as IVpc;
  const securityGroup = new SecurityGroup(scope, 'Machines', {
    vpc,
    description: 'Rented machines: out only',
    allowAllOutbound: true,
  });
  return {
    vpc,
    subnets: network === 'nat' ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PUBLIC,
    securityGroup,
  };
}
