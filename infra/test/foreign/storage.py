"""Reads a run in the bucket with boto3 alone: its journal, and the hash of every sheet that the journal names.

usage: storage.py ENDPOINT BUCKET PREFIX_OF_RUN
"""

import hashlib
import json
import sys

import boto3

endpoint, bucket, prefix = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint)


def read(key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


pages = s3.get_paginator("list_objects_v2").paginate(
    Bucket=bucket, Prefix=f"{prefix}journal/", PaginationConfig={"PageSize": 5}
)
keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
events = [json.loads(line) for key in keys for line in read(key).decode().splitlines()]
sheets = [event for event in events if event["type"] == "SAMPLE"]
print(
    json.dumps(
        {
            "positions": [int(key.removeprefix(f"{prefix}journal/").removesuffix(".ndjson")) for key in keys],
            "types": [event["type"] for event in events],
            "sheets": [
                {"step": sheet["step"], "said": sheet["sha256"], "is": hashlib.sha256(read(sheet["key"])).hexdigest()}
                for sheet in sheets
            ],
            "spec": json.loads(read(f"{prefix}spec.json")),
        }
    )
)
