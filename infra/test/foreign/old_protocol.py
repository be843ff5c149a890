"""Connects with the subprotocol that came before graphql-transport-ws, and prints how it was answered.

usage: old_protocol.py URL
"""

import asyncio
import sys

from gql import Client
from gql.transport.websockets import WebsocketsTransport


async def main(url):
    old = WebsocketsTransport(
        url=url.replace("http", "ws", 1), subprotocols=[WebsocketsTransport.APOLLO_SUBPROTOCOL], connect_timeout=10
    )
    try:
        async with Client(transport=old):
            print("connected")
    except Exception as error:
        print(type(error).__name__, error, error.__cause__ or "")


asyncio.run(main(sys.argv[1]))
