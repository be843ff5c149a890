"""Holds exchanges with a job queue against AWS Batch's service model, the one that botocore ships; prints what is wrong as JSON.

Reads JSON lines: {"path", "request", "status", "errortype", "answer"}, or {"event"} of EventBridge.
"""
import json
import sys

import botocore.session
from botocore.parsers import create_parser
from botocore.validate import ParamValidator

service = botocore.session.get_session().get_service_model("batch")
operations = {service.operation_model(name).http["requestUri"]: service.operation_model(name) for name in service.operation_names}

# Errors of every service, which no model of a service lists.
COMMON = {
    "AccessDeniedException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "RequestEntityTooLargeException",
    "SerializationException",
    "UnrecognizedClientException",
}
# The model requires it, and AWS's own example of a job that waits leaves it out (describe-jobs in the command line's reference).
NOT_BEFORE_START = {("JobDetail", "startedAt")}
# The API's reference says of these that capitals and small letters are one.
CASELESS = {"RetryAction"}
KINDS = {"string": str, "integer": int, "long": int, "boolean": bool, "float": (int, float), "double": (int, float)}


def mistakes(shape, value, where):
    """What is wrong with a value: strict, also about members that the model does not know, which a parser would drop."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{where} is no structure"]
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        missing = [name for name in shape.required_members if name not in value and (shape.name, name) not in NOT_BEFORE_START]
        found = [f"{where}.{name} is missing" for name in missing]
        for name, inner in value.items():
            if name not in members:
                found.append(f"{where}.{name} is not in the model")
            else:
                found += mistakes(members[name], inner, f"{where}.{name}")
        return found
    if kind == "list":
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [each for index, inner in enumerate(value) for each in mistakes(shape.member, inner, f"{where}[{index}]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{where} is no map"]
        return [each for key, inner in value.items() for each in mistakes(shape.value, inner, f"{where}[{key}]")]
    if not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool)):
        return [f"{where} is no {kind}: {value!r}"]
    if kind == "string" and shape.enum and (value.upper() if shape.name in CASELESS else value) not in shape.enum:
        return [f"{where} is none of {shape.enum}: {value!r}"]
    return []


def wrong_with_exchange(path, request, status, errortype, answer):
    operation = operations.get(path)
    if operation is None:
        return [] if (status, errortype) == (404, "UnknownOperationException") else [f"{path} is no operation and has an answer"]
    name = operation.name
    if status != 200:
        known = {shape.name for shape in operation.error_shapes} | COMMON
        found = [] if errortype in known else [f"{name}: {errortype} is no error of it"]
        return found + ([] if isinstance(answer.get("message"), str) else [f"{name}: an error without a message"])
    report = ParamValidator().validate(request, operation.input_shape)
    found = [f"{name} was accepted: {report.generate_report()}"] if report.has_errors() else []
    found += mistakes(operation.input_shape, request, f"{name} request")
    found += mistakes(operation.output_shape, answer, name)
    # And as clients read it.
    raw = {"status_code": status, "headers": {"content-type": "application/json"}, "body": json.dumps(answer).encode()}
    parsed = create_parser("rest-json").parse(raw, operation.output_shape)
    parsed.pop("ResponseMetadata")
    return found + ([] if parsed == answer else [f"{name} is read as {parsed}"])


def wrong_with_event(event):
    detail = mistakes(service.shape_for("JobDetail"), event["detail"], "event.detail")
    envelope = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
    return detail + ([] if set(event) == envelope else [f"an event has {sorted(event)}"])


wrong, checked = [], {}
for line in sys.stdin:
    entry = json.loads(line)
    if "event" in entry:
        wrong += wrong_with_event(entry["event"])
        checked["event"] = checked.get("event", 0) + 1
    else:
        wrong += wrong_with_exchange(**entry)
        key = f"{entry['path']} {entry['status']}"
        checked[key] = checked.get(key, 0) + 1
print(json.dumps({"wrong": sorted(set(wrong)), "checked": checked}))
