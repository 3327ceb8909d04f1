# Examines the SCIM server at an address by scim2-tester, and pages and filters by scim2-client: python3 scim.py URL TOKEN. JSON on stdout.
import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

url, token = sys.argv[1:]
with Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as http:
    results = check_server(SyncSCIMClient(http))
    print(json.dumps([{"status": its.status.name, "title": its.title, "reason": its.reason} for its in results]))
