"""Reads the events of a run with gql, over a socket or by polling, and prints one JSON batch a line; decides nothing.

usage: events.py watch|poll URL RUN [AFTER]
"""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

BATCH = """
  since cursor hasMore
  events {
    __typename
    ... on JournalEvent { cursor at attemptNumber }
    ... on MetricsLogged { step kimg values { name value nonFinite } }
    ... on SampleAdded { sheet { id step set sha256 } }
    ... on CheckpointSealed { checkpoint { step bytes } }
    ... on PhaseChanged { phase reason { code message } }
    ... on AttemptStarted { attempt { number resumedFromStep } }
  }
"""
WATCH = f"subscription ($run: ID!, $after: String) {{ runEvents(runId: $run, after: $after) {{ {BATCH} }} }}"
POLL = f"query ($run: ID!, $after: String) {{ run(id: $run) {{ events(first: 7, after: $after) {{ {BATCH} }} }} }}"


def show(batch):
    print(json.dumps(batch), flush=True)


async def watch(url, run, after):
    query = gql(WATCH)
    query.variable_values = {"run": run, "after": after}
    async with Client(transport=WebsocketsTransport(url=url.replace("http", "ws", 1))) as session:
        async for result in session.subscribe(query):
            show(result["runEvents"])


async def poll(url, run, after):
    # The schema is fetched first, and checks every answer.
    async with Client(transport=AIOHTTPTransport(url=url), fetch_schema_from_transport=True) as session:
        more = True
        while more:
            query = gql(POLL)
            query.variable_values = {"run": run, "after": after}
            batch = (await session.execute(query))["run"]["events"]
            show(batch)
            after, more = batch["cursor"], batch["hasMore"]


async def main(how, url, run, after=None):
    await {"watch": watch, "poll": poll}[how](url, run, after)


asyncio.run(main(*sys.argv[1:]))
