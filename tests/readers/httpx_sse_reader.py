"""Python's httpx-sse. Prints what it makes of the bytes, a line of JSON each."""

import json
import os

import httpx
from httpx_sse import connect_sse

url, token = os.environ["MILLRACE_TEST_URL"], os.environ["MILLRACE_TEST_TOKEN"]
with httpx.Client(timeout=60, trust_env=False) as client:
    with connect_sse(client, "GET", url, headers={"Authorization": f"Bearer {token}"}) as source:
        for event in source.iter_sse():
            print(json.dumps({"name": event.event, "id": event.id, "data": json.loads(event.data)}), flush=True)
