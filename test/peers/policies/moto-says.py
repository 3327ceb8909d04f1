# Run by policies.peers.test.ts: python3 moto-says.py CASES. Says for each case what moto's own evaluation of IAM says of it.
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

for case in json.load(open(sys.argv[1])):
    results = [IAMPolicy(json.dumps(policy)).is_action_permitted(case["action"], case["resource"]) for policy in case["identity"]]
    if PermissionResult.DENIED in results:
        print("ExplicitlyDenied")
    else:
        print("Allowed" if PermissionResult.PERMITTED in results else "ImplicitlyDenied")
