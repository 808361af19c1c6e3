"""Oncepaid from Python, with nothing but the standard library. Written from {basePath}/openapi.json alone."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request

TRIES = 3
TIMEOUT_SECONDS = 30
LONGEST_WAIT_SECONDS = 10
SIGNED_WITHIN_SECONDS = 300


class Failure(Exception):
    """What the API refused: `code` is for a program, the text for a person."""

    def __init__(self, status: int, code: str, error: str, issues: list):
        super().__init__(error)
        self.status = status
        self.code = code
        self.issues = issues


class Oncepaid:
    """`url` ends with the base path, as in http://127.0.0.1:4000/api/oncepaid."""

    def __init__(self, url: str, api_key: str):
        self.url = url.rstrip("/")
        self.api_key = api_key

    def checkout(self, cart_id: str, user_id: str, product_key: str, **more) -> dict:
        """{ url, orderId }. The same cart again is the same order: nobody pays twice for it."""
        body = {"cartId": cart_id, "userId": user_id, "productKey": product_key, **more}
        return self.ask("POST", "/checkout", body)

    def order(self, order_id: str) -> dict:
        return self.ask("GET", f"/orders/{urllib.parse.quote(order_id, safe='')}")

    def entitlements(self, user_id: str) -> list:
        """Whoever has one whose `state` is active may use the product."""
        return self.ask("GET", "/entitlements?" + urllib.parse.urlencode({"userId": user_id}))["entitlements"]

    def refund(self, order_id: str, key: str, amount: int | None = None) -> dict:
        """Everything that is left, or an amount in minor units. The same key again gives back once."""
        body = {} if amount is None else {"amount": amount}
        path = f"/orders/{urllib.parse.quote(order_id, safe='')}/refund"
        return self.ask("POST", path, body, {"idempotency-key": key})["refund"]

    def add_endpoint(self, url: str, events: list | None = None) -> dict:
        """{ endpoint, secret }. The secret is shown this once."""
        return self.ask("POST", "/webhook-endpoints", {"url": url, "events": events}, tries=1)

    def ask(self, method: str, path: str, body: dict | None = None, headers: dict | None = None, tries: int = TRIES):
        """429 and 5xx are asked again, after Retry-After; a cart or a key keeps that from doing anything twice."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "authorization": f"Bearer {self.api_key}",
                "content-type": "application/json",
                **(headers or {}),
            },
        )
        for left in range(tries - 1, -1, -1):
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                    return json.load(response)
            except urllib.error.HTTPError as refused:
                again = refused.code == 429 or refused.code >= 500
                wait = int(refused.headers.get("retry-after") or 1)
                if left == 0 or not again or wait > LONGEST_WAIT_SECONDS:
                    raise failure_of(refused) from None
                time.sleep(wait)
            except urllib.error.URLError:
                if left == 0:
                    raise
                time.sleep(1)


def failure_of(refused: urllib.error.HTTPError) -> Failure:
    try:
        told = json.load(refused)
        return Failure(refused.code, told["code"], told["error"], told.get("issues", []))
    except (ValueError, KeyError):
        # A proxy's page, say.
        return Failure(refused.code, "unknown", f"Answered {refused.code}.", [])


def read_webhook(body: bytes, headers, secret: str) -> dict | None:
    """The event, once its signature is verified over the raw bytes; None for what nobody who knows the secret has sent."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent_id = headers.get("webhook-id") or ""
    timestamp = headers.get("webhook-timestamp") or ""
    if not timestamp.isascii() or not timestamp.isdigit():
        return None
    if abs(time.time() - int(timestamp)) > SIGNED_WITHIN_SECONDS:
        return None
    signed = b".".join([sent_id.encode(), timestamp.encode(), body])
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    given = (headers.get("webhook-signature") or "").encode().split(b" ")
    if not any(hmac.compare_digest(expected, one) for one in given):
        return None
    return {"id": sent_id, **json.loads(body)}
