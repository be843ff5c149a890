// @ts-nocheck It runs at CloudFront's edge, which has modules and a language of its own.
import cf from 'cloudfront';

// A client uses one URL for requests and sockets; behind it are two APIs, of which the second takes no path but its stage.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  var request = event.request;
  // The header Upgrade is not shown to functions at the edge; this one comes with every handshake.
  if (request.uri === '/graphql' && request.headers['sec-websocket-key']) {
    cf.selectRequestOriginById('SOCKET_ORIGIN');
    request.uri = '/SOCKET_STAGE';
  }
  return request;
}
