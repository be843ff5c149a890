/** Requests that are no GraphQL over HTTP, or come from where none should, and how each is answered. */

export interface BadRequest {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly status: number;
  readonly answer: RegExp;
}

const JSON_BODY = { 'content-type': 'application/json' };
const QUERY = '{"query":"{ viewer { id } }"}';
const STOP = '{"query":"mutation { stopRun(id: \\"x\\") { __typename } }"}';

export const BAD_REQUESTS: readonly BadRequest[] = [
  { name: 'half a body', headers: JSON_BODY, body: '{"query":', status: 400, answer: /no JSON/ },
  { name: 'no body', headers: JSON_BODY, body: '', status: 400, answer: /body missing/i },
  { name: 'an empty object', headers: JSON_BODY, body: '{}', status: 400, answer: /body|query/i },
  { name: 'a number', headers: JSON_BODY, body: '42', status: 400, answer: /body/i },
  { name: 'a batch', headers: JSON_BODY, body: `[${QUERY}]`, status: 400, answer: /batching/i },
  {
    name: 'variables in a list',
    headers: JSON_BODY,
    body: '{"query":"{ viewer { id } }","variables":[1]}',
    status: 400,
    answer: /variables.*object/,
  },
  {
    name: 'text that is not UTF-8',
    headers: JSON_BODY,
    body: Buffer.concat([
      Buffer.from('{"query":"{ viewer { id } }","a":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]),
    status: 400,
    answer: /UTF-8/,
  },
  { name: 'a body without end', headers: JSON_BODY, body: 'x'.repeat(3_000_000), status: 413, answer: /1048576 bytes/ },
  {
    name: 'a number without end',
    headers: JSON_BODY,
    body: '{"query":"query ($k: Float) { planTraining(input: { dataset: \\"digits\\", kimg: $k }) { __typename } }","variables":{"k":1e400}}',
    status: 200,
    answer: /Float cannot represent non numeric value: Infinity/,
  },
  {
    name: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={viewer{id}}',
    status: 400,
    answer: /CSRF/,
  },
  { name: 'plain text', headers: { 'content-type': 'text/plain' }, body: STOP, status: 400, answer: /CSRF/ },
  {
    name: 'XML',
    headers: { 'content-type': 'application/xml' },
    body: '<query/>',
    status: 400,
    answer: /Content-Type/,
  },
  { name: 'a link to a query', method: 'GET', path: '/graphql?query={viewer{id}}', status: 400, answer: /CSRF/ },
  {
    name: 'a mutation by GET',
    method: 'GET',
    path: '/graphql?query=mutation{stopRun(id:"x"){__typename}}',
    headers: { 'apollo-require-preflight': '1' },
    status: 405,
    answer: /GET requests only support query/,
  },
  { name: 'another method', method: 'PUT', headers: JSON_BODY, body: QUERY, status: 405, answer: /GET\/POST/ },
  {
    name: 'another path',
    method: 'POST',
    path: '/grahpql',
    headers: JSON_BODY,
    body: QUERY,
    status: 404,
    answer: /\/graphql/,
  },
  {
    name: 'another name of this machine',
    headers: { ...JSON_BODY, host: 'evil.example' },
    body: QUERY,
    status: 421,
    answer: /evil\.example/,
  },
  { name: 'no host at all', headers: { ...JSON_BODY, host: '' }, body: QUERY, status: 421, answer: /name/ },
  {
    name: 'a page of another site',
    headers: { ...JSON_BODY, origin: 'https://evil.example' },
    body: QUERY,
    status: 403,
    answer: /may not use/,
  },
  {
    name: 'a page without an origin',
    headers: { ...JSON_BODY, origin: 'null' },
    body: QUERY,
    status: 403,
    answer: /may not use/,
  },
  {
    name: 'a page whose host begins with ours',
    headers: { ...JSON_BODY, origin: 'http://127.0.0.1.evil.example' },
    body: QUERY,
    status: 403,
    answer: /may not use/,
  },
  {
    name: 'a page of another port',
    headers: { ...JSON_BODY, origin: 'http://127.0.0.1:1' },
    body: QUERY,
    status: 403,
    answer: /may not use/,
  },
];
