"""Makes the same calls to two job queues that speak AWS Batch, and prints the shape of each answer of both as JSON.

Usage: batch_peer.py OURS MOTO, two endpoints. What moto wants before it takes a job is made first.
"""
import json
import sys
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

ours_url, moto_url = sys.argv[1:]


def prepare(url):
    """A queue and a definition of our names in moto, which has none by itself."""
    config = json.dumps({"batch": {"use_docker": False}}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/config", config, {"content-type": "application/json"}))
    ec2, iam, batch = (boto3.client(name, endpoint_url=url) for name in ("ec2", "iam", "batch"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="r")
    profile = iam.get_instance_profile(InstanceProfileName="r")["InstanceProfile"]["Arn"]
    resources = dict(type="EC2", minvCpus=0, maxvCpus=4, instanceTypes=["m5.large"], subnets=[subnet], securityGroupIds=[group], instanceRole=profile)
    environment = batch.create_compute_environment(
        computeEnvironmentName="ganway-local", type="MANAGED", state="ENABLED", computeResources=resources, serviceRole=role
    )["computeEnvironmentArn"]
    batch.create_job_queue(
        jobQueueName="ganway", state="ENABLED", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}]
    )
    batch.register_job_definition(
        jobDefinitionName="ganway-trainer",
        type="container",
        containerProperties={"image": "busybox", "vcpus": 1, "memory": 128, "command": ["true"]},
    )


def shape(value):
    """Names and kinds, without values; a list has the shape of its first member."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in sorted(value.items()) if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def ended(batch, job):
    while True:
        described = batch.describe_jobs(jobs=[job])["jobs"][0]
        if described["status"] in ("SUCCEEDED", "FAILED"):
            return described
        time.sleep(0.05)


def calls(url):
    batch = boto3.client("batch", endpoint_url=url)
    answers = {}

    def call(name, operation, **arguments):
        try:
            answers[name] = getattr(batch, operation)(**arguments)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            answers[name] = {"error": error.response["Error"]["Code"], "status": status}
        return answers[name]

    def submit(name, script, **more):
        overrides = {"environment": [{"name": "GANWAY_SCRIPT", "value": script}]}
        return call(name, "submit_job", jobName=name.replace(" ", "-"), jobQueue="ganway", jobDefinition="ganway-trainer", containerOverrides=overrides, **more)

    whole = dict(retryStrategy={"attempts": 2}, timeout={"attemptDurationSeconds": 60}, parameters={"a": "b"}, tags={"c": "d"})
    job = submit("submit", "true", **whole)["jobId"]
    ended(batch, job)
    call("describe", "describe_jobs", jobs=[job])
    call("describe unknown", "describe_jobs", jobs=["nobody"])
    call("list by status", "list_jobs", jobQueue="ganway", jobStatus="SUCCEEDED")
    call("list by name", "list_jobs", jobQueue="ganway", filters=[{"name": "JOB_NAME", "values": ["submit"]}])
    array = submit("submit array", "true", arrayProperties={"size": 2})["jobId"]
    ended(batch, array)
    call("describe array", "describe_jobs", jobs=[array])
    call("describe child", "describe_jobs", jobs=[f"{array}:1"])
    call("list children", "list_jobs", arrayJobId=array, jobStatus="SUCCEEDED")
    dependent = submit("submit dependent", "true", dependsOn=[{"jobId": job}])["jobId"]
    ended(batch, dependent)
    call("describe dependent", "describe_jobs", jobs=[dependent])
    call("terminate ended", "terminate_job", jobId=job, reason="late")
    call("cancel ended", "cancel_job", jobId=job, reason="late")
    call("terminate unknown", "terminate_job", jobId="nobody", reason="late")
    call("list unknown queue", "list_jobs", jobQueue="other")
    call("submit to unknown queue", "submit_job", jobName="a", jobQueue="other", jobDefinition="ganway-trainer")
    call("submit unknown definition", "submit_job", jobName="a", jobQueue="ganway", jobDefinition="other")
    call("submit bad name", "submit_job", jobName="-", jobQueue="ganway", jobDefinition="ganway-trainer")
    call("queues", "describe_job_queues", jobQueues=["ganway"])
    call("unknown queues", "describe_job_queues", jobQueues=["other"])
    call("environments", "describe_compute_environments", computeEnvironments=["ganway-local"])
    call("definitions", "describe_job_definitions", jobDefinitionName="ganway-trainer")
    return {name: answer if "error" in answer else shape(answer) for name, answer in answers.items()}


prepare(moto_url)
print(json.dumps({"ours": calls(ours_url), "moto": calls(moto_url)}))
