"""Sends one referral and asks what became of it. Needs httpx (pip install httpx).

    INTAKE=https://intake.example.org TOKEN=... python send.py
"""

import os
import time
import uuid

import httpx

REFERRAL = {
    "facts": {"reporter": "healthcare", "release": "given", "minor": "unknown", "town_of_exploitation": "hartford"},
    "details": {"narrative": "Made up: she says that her papers were taken.", "victim": {"names": ["Ana Example"]}},
}


def send(http: httpx.Client, referral: dict) -> dict:
    """The receipt. The same key each time: whatever happens on the way, the referral is taken once."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for pause in (1, 2, 4, 8, 16, 0):
        try:
            answer = http.post("/api/v1/referrals", json=referral, headers=headers)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code < 500:
            if answer.status_code != 202:
                raise SystemExit(f"not taken: {answer.json()['detail']} {answer.json().get('errors', '')}")
            return answer.json()
        time.sleep(pause)
    raise SystemExit("Intake does not answer. Call the taskforce instead: 860-566-3190 extension 3128.")


if __name__ == "__main__":
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=os.environ.get("INTAKE", "http://127.0.0.1:29101"), headers=headers, timeout=30) as http:
        receipt = send(http, REFERRAL)
        print("taken:", receipt["referral_id"])
        if token:
            print("status:", http.get(f"/api/v1/referrals/{receipt['referral_id']}/status").json()["status"])
