"""Holds questions and answers against AWS's own service descriptions, as botocore brings them, and signs the questions again.

Reads a JSON list from the file named by the only argument; prints a JSON list of what is wrong.
"""
import json
import sys
from datetime import datetime, timezone
from unittest import mock

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.validate import ParamValidator


def signed(request, service, at):
    """The authorization of the same request, by botocore's own signer."""
    asked = AWSRequest(method="POST", url=request["url"], data=request["body"], headers={
        name: value for name, value in request["headers"].items() if name in ("content-type", "x-amz-target", "host")})
    now = datetime.fromtimestamp(at / 1000, timezone.utc).replace(tzinfo=None)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        SigV4Auth(Credentials("AKIAEXAMPLE", "secret-of-the-tests"), service, request["region"]).add_auth(asked)
    return asked.headers["Authorization"]


def parts(authorization):
    return dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))


wrong = []
for it in json.load(open(sys.argv[1])):
    service, action = it["operation"].split(":")
    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    operation = model.operation_model(action)
    target = f'{model.metadata["targetPrefix"]}.{action}'
    kind = f'application/x-amz-json-{model.metadata["jsonVersion"]}'
    if it["headers"].get("content-type") != kind:
        wrong.append(f"{action}: the type is {kind}")
    if it["headers"].get("x-amz-target") != target:
        wrong.append(f"{action}: the target is {target}")
    given = json.loads(it["body"])
    for name, shape in operation.input_shape.members.items():
        if shape.type_name == "timestamp" and name in given:
            given[name] = datetime.fromtimestamp(given[name], timezone.utc)
    report = ParamValidator().validate(given, operation.input_shape)
    if report.has_errors():
        wrong.append(f"{action}: {report.generate_report()}")
    answered = json.loads(it["answered"])
    strange = set(answered) - set(operation.output_shape.members)
    if strange:
        wrong.append(f"{action}: answers {sorted(strange)}, which is not described")
    parsed = create_parser("json").parse({"body": it["answered"].encode(), "headers": {}, "status_code": 200}, operation.output_shape)
    for name in answered:
        if name not in parsed:
            wrong.append(f"{action}: {name} cannot be read by botocore")
    theirs, ours = parts(signed(it, model.signing_name, it["at"])), parts(it["headers"]["authorization"])
    if theirs["Signature"] != ours["Signature"]:
        wrong.append(f"{action}: botocore signs {theirs}, and not {ours}")
print(json.dumps(wrong))
