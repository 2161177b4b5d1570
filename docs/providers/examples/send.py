"""Sends one referral, with a file where one is named, and asks what became of it. Needs httpx (pip install httpx).

    INTAKE=https://intake.example.org TOKEN=... python send.py
    INTAKE=https://intake.example.org TOKEN=... FILE=photo.jpg python send.py
"""

import os
import pathlib
import time
import uuid

import httpx

REFERRAL = {
    "facts": {"reporter": "healthcare", "release": "given", "minor": "unknown", "town_of_exploitation": "hartford"},
    "details": {"narrative": "Made up: she says that her papers were taken.", "victim": {"names": ["Ana Example"]}},
}


def post(http: httpx.Client, path: str, **body) -> dict:
    """The answer. The same key each time: whatever happens on the way, it is taken once."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for pause in (1, 2, 4, 8, 16, 0):
        try:
            answer = http.post(path, headers=headers, **body)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code < 500:
            if answer.is_error:
                raise SystemExit(f"not taken: {answer.json()['detail']} {answer.json().get('errors', '')}")
            return answer.json()
        time.sleep(pause)
    raise SystemExit("Intake does not answer. Call the taskforce instead: 860-566-3190 extension 3128.")


if __name__ == "__main__":
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=os.environ.get("INTAKE", "http://127.0.0.1:29101"), headers=headers, timeout=30) as http:
        receipt = post(http, "/api/v1/referrals", json=REFERRAL)
        print("taken:", receipt["referral_id"])
        if token and "FILE" in os.environ:
            file = pathlib.Path(os.environ["FILE"])
            path = f"/api/v1/referrals/{receipt['referral_id']}/attachments"
            added = post(http, path, files={"file": (file.name, file.read_bytes())})
            print("file taken:", added["kind"], added["bytes"], "bytes")
        if token:
            print("status:", http.get(f"/api/v1/referrals/{receipt['referral_id']}/status").json()["status"])
