/** The one address of a stage, where `/graphql` is the API over HTTP and WebSocket, as on a laptop; serves no pages yet. */
import { readFileSync } from 'node:fs';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { SOCKET_STAGE } from './api.ts';
import { names } from './names.ts';
import type { Stage } from './stage.ts';

export interface SiteProps extends StackProps {
  readonly stage: Stage;
  readonly http: HttpApi;
  readonly sockets: WebSocketApi;
}

/** The API that requests for a WebSocket go to; `edge/route.js` names it. */
export const SOCKET_ORIGIN = 'sockets';

/** Nobody's request is cached, and each API must be called by its own name. Costs nothing while nobody calls. */
export class SiteStack extends Stack {
  constructor(scope: Construct, id: string, { stage, http, sockets, ...props }: SiteProps) {
    super(scope, id, props);
    const route = new EdgeFunction(this, 'Route', {
      functionName: names.stack(stage, `route-${this.region}`),
      comment: 'Requests for a WebSocket go to the API that has them.',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(routeCode()),
    });
    const behaviour = {
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      compress: true,
    };
    const hostOf = (endpoint: string): string => Fn.select(2, Fn.split('/', endpoint));
    const httpOrigin = new HttpOrigin(hostOf(http.apiEndpoint), { originId: 'http' });
    const socketOrigin = new HttpOrigin(hostOf(sockets.apiEndpoint), { originId: SOCKET_ORIGIN });
    const site = new Distribution(this, 'Site', {
      comment: `Ganway ${stage.name}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        ...behaviour,
        origin: httpOrigin,
        functionAssociations: [{ function: route, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      // No path of a client's; it makes the other API known to the function above.
      additionalBehaviors: { '/.sockets': { ...behaviour, origin: socketOrigin } },
    });
    new CfnOutput(this, 'Address', { value: `https://${site.distributionDomainName}` });
  }
}

/** The function at the edge, with the names that are decided here. */
export function routeCode(): string {
  const code = readFileSync(new URL('./edge/route.js', import.meta.url), 'utf8');
  return code.replaceAll('SOCKET_ORIGIN', SOCKET_ORIGIN).replaceAll('SOCKET_STAGE', SOCKET_STAGE);
}
