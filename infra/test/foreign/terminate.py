"""Finds the running job of a run with boto3, ends it, and prints it as it was.

usage: terminate.py ENDPOINT QUEUE RUN REASON
"""

import json
import sys

import boto3

endpoint, queue, run, reason = sys.argv[1:]
batch = boto3.client("batch", endpoint_url=endpoint)
pages = batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus="RUNNING")
(job_id,) = [job["jobId"] for page in pages for job in page["jobSummaryList"] if job["jobName"] == f"{run}-1"]
(job,) = batch.describe_jobs(jobs=[job_id])["jobs"]
batch.terminate_job(jobId=job_id, reason=reason)
print(json.dumps({key: job[key] for key in ("jobId", "jobName", "status", "jobDefinition", "jobQueue")}))
