/** Operations that are too much, too little or about nothing, and what is said about each. */

export interface BadOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Matches a message of the errors, or the answer's JSON where there is an answer. */
  readonly answer: RegExp;
}

const repeat = (times: number, piece: (n: number) => string) =>
  Array.from({ length: times }, (_, n) => piece(n)).join(' ');
const bad = (name: string, query: string, answer: RegExp, variables = {}): BadOperation => ({
  name,
  query,
  answer,
  variables,
});
/** `$run` is the id of a run that has ended; the tests fill it in. */
const ofRun = (field: string) => `query ($run: ID!) { run(id: $run) { ${field} } }`;
const node = 'events { events { ... on SampleAdded { sheet { id } } } }';

export const BAD_OPERATIONS: readonly BadOperation[] = [
  bad('no operation', '', /POST body missing|must contain a non-empty `query`|Syntax Error/),
  bad('half an operation', '{ viewer {', /Syntax Error/),
  bad('an unknown field', '{ viewr { id } }', /Cannot query field "viewr" on type "Query". Did you mean "viewer"/),
  bad('an unknown argument', '{ runs(last: 5) { edges { cursor } } }', /Unknown argument "last" on field "Query.runs"/),
  bad('a field of an object without its fields', '{ viewer }', /must have a selection of subfields/),
  bad('an unknown variable', '{ run(id: $id) { id } }', /Variable "\$id" is not defined/),
  bad('a missing variable', 'query ($id: ID!) { run(id: $id) { id } }', /Variable "\$id" of required type "ID!"/),
  bad(
    'fields without end',
    `{ node(id: "x") { ... on Run { ${'events { run { '.repeat(8)} id ${'} }'.repeat(8)} } } }`,
    /deep|levels|depth/i,
  ),
  bad('aliases without end', `{ ${repeat(50, (n) => `a${n}: viewer { id }`)} }`, /aliases|root/i),
  bad('one field many times over by other names', ofRun(repeat(30, (n) => `a${n}: phase`)), /aliases/i),
  bad(
    'a bomb of fragments',
    `{ runs { edges { node { ...f0 } } } } ${repeat(20, (n) => `fragment f${n} on Run { id ...f${n + 1} a${n}: id ...f${n + 1} }`)} fragment f20 on Run { ${node} }`,
    /aliases|cost|large|depth/i,
  ),
  bad(
    'a circle of fragments',
    '{ runs { edges { node { ...a } } } } fragment a on Run { ...b } fragment b on Run { ...a }',
    /Cannot spread fragment "a" within itself/,
  ),
  bad(
    'lists in lists',
    '{ runs(first: 100) { edges { node { samples(first: 100) { edges { node { id url } } } events(first: 1000) { events { __typename } } } } } }',
    /has \d+ objects .* at most 20000 are allowed/,
  ),
  bad('directives without end', `{ viewer { id ${'@include(if: true) '.repeat(200)} } }`, /directive/i),
  bad('words without end', `{ viewer { ${'id '.repeat(3000)} } }`, /token/i),
  bad('a subscription over HTTP', 'subscription { runEvents(runId: "x") { cursor } }', /WebSocket|socket/i),
  bad('a negative page', '{ runs(first: -1) { edges { cursor } } }', /first must not be negative/),
  bad('a page beyond the limit', '{ runs(first: 101) { edges { cursor } } }', /first may be at most 100/),
  bad('a page of huge length', '{ runs(first: 99999999999) { edges { cursor } } }', /non 32-bit signed integer/),
  bad('a bad place in a list of runs', '{ runs(after: "zzz") { edges { cursor } } }', /after is no cursor/),
  bad('a bad place in a list of sheets', ofRun('samples(after: "zzz") { edges { cursor } }'), /after is no cursor/),
  bad('a bad place in a journal', ofRun('events(after: "zzz") { cursor }'), /after is no cursor/),
  bad('a place that a journal has not reached', ofRun('events(after: "0000099999.00000") { cursor }'), /after|cursor/),
  bad('more events than are given at once', ofRun('events(first: 1001) { cursor }'), /first may be at most 1000/),
  bad('no buckets', ofRun('metrics(buckets: 0) { name }'), /buckets/),
  bad('more buckets than are given', ofRun('metrics(buckets: 2001) { name }'), /buckets/),
  bad('steps backwards', ofRun('metrics(from: 10, to: 5) { name }'), /"metrics":\[\]|from|to/),
  bad('a negative step', ofRun('metrics(from: -1) { name }'), /Step/),
  bad('a step that is none', ofRun('metrics(from: 1.5) { name }'), /Step/),
  bad('every no step', ofRun('samples(every: 0) { edges { cursor } }'), /every/),
  bad('a project of others', '{ runs(project: "other") { edges { cursor } } }', /There is no project "other"/),
  bad('a run that is none', '{ run(id: "../../../x") { id } }', /{"run":null}/),
  bad('a thing that is none', '{ node(id: "%00") { id } }', /{"node":null}/),
  bad('stopping nothing', 'mutation { stopRun(id: "nope") { ... on NotFound { message } } }', /There is no run/),
  bad('resuming nothing', 'mutation { resumeRun(id: "") { ... on NotFound { message } } }', /There is no run/),
  bad('deleting nothing', 'mutation { deleteRun(id: "x-y") { ... on NotFound { message } } }', /There is no run/),
  bad(
    'a name without end',
    'mutation ($run: ID!, $name: String) { updateRun(input: { id: $run, name: $name }) { ... on ValidationFailed { issues { code } } } }',
    /TOO_LONG/,
    { name: 'n'.repeat(201) },
  ),
  bad(
    'an upload of less than nothing',
    'mutation { createUpload(input: { name: "", bytes: -1, sha256: "abc" }) { ... on ValidationFailed { issues { path } } } }',
    /"name".*"bytes".*"sha256"/,
  ),
  bad(
    'an upload of everything',
    `mutation { createUpload(input: { name: "a.zip", bytes: 9007199254740991, sha256: "${'0'.repeat(64)}" }) { ... on ValidationFailed { issues { path } } } }`,
    /"bytes"/,
  ),
  bad(
    'an import of nothing',
    'mutation { launchTask(input: { idempotencyKey: "i", task: { importDataset: { uploads: [], name: "", size: 0 } } }) { ... on ValidationFailed { issues { path } } } }',
    /"name".*"size".*"uploads"/,
  ),
  bad(
    'an import of what was never uploaded',
    'mutation { launchTask(input: { idempotencyKey: "j", task: { importDataset: { uploads: ["../../x"], name: "n", size: 8 } } }) { ... on ValidationFailed { issues { path } } } }',
    /"uploads"/,
  ),
  bad(
    'a task of no kind',
    'mutation { launchTask(input: { idempotencyKey: "k", task: {} }) { __typename } }',
    /[Ee]xactly one/,
  ),
];
