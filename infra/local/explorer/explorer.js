/** Starts GraphiQL over this server: queries by HTTP, subscriptions by graphql-transport-ws, both at /graphql. */
// @ts-nocheck It runs in a browser, whose types are not those of this repository.
/* global GraphiQL, React, ReactDOM, graphqlWs */

const FIRST_STEPS = `# Put the cursor into an operation and press Ctrl-Enter.

# What is there?
query Look {
  viewer { name projects { id } }
  presets { id title }
  datasets { edges { node { id name images width height } } }
  runs(first: 5) {
    edges { node { id name phase reason { message } step progress latestSample { url } } }
  }
}

# Train a GAN on digits. The same key gives the same run, so change it for a second one.
mutation Train {
  launchTraining(
    input: {
      idempotencyKey: "my first training"
      training: { preset: "r3gan", dataset: "digits", kimg: 20 }
    }
  ) {
    __typename
    ... on LaunchTrainingSuccess { replayed run { id phase } }
    ... on ValidationFailed { issues { path message } }
    ... on UserError { message }
  }
}

# Watch it: put the id of the run into the variables below.
subscription Watch($run: ID!, $after: String) {
  runEvents(runId: $run, after: $after) {
    cursor
    run { phase progress }
    events {
      __typename
      ... on MetricsLogged { step values { name value nonFinite } }
      ... on SampleAdded { sheet { step url } }
      ... on CheckpointSealed { checkpoint { step } }
      ... on PhaseChanged { phase reason { message } }
    }
  }
}
`;

const FIRST_VARIABLES = '{ "run": "" }\n';

const { protocol, host } = window.location;
const wsClient = graphqlWs.createClient({
  url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`,
  keepAlive: 60_000,
});

const explorer = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: '/graphql', wsClient }),
  defaultQuery: FIRST_STEPS,
  variables: FIRST_VARIABLES,
  shouldPersistHeaders: false,
});
ReactDOM.createRoot(document.getElementById('explorer')).render(explorer);
