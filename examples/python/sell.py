"""
Sells one thing, waits until it is told that it was paid, looks up what the buyer has, and gives the money back.

    ONCEPAID_URL=http://127.0.0.1:4000/api/oncepaid ONCEPAID_API_KEY=… python3 sell.py ebook ada
"""

import http.server
import json
import os
import queue
import sys
import threading
import uuid

from oncepaid import Failure, Oncepaid, read_webhook

PATIENCE_SECONDS = 60

told: queue.Queue = queue.Queue()
handled: set[str] = set()
secret = ""


class Receiver(http.server.BaseHTTPRequestHandler):
    """What Oncepaid tells: verified, and each once, however often it is sent."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        event = read_webhook(body, self.headers, secret)
        self.send_response(204 if event else 400)
        self.end_headers()
        if event and event["id"] not in handled:
            handled.add(event["id"])
            told.put(event)
        if not event:
            say("refused", self.headers.get("webhook-id"))

    def log_message(self, *_):
        pass


def say(what: str, *more) -> None:
    print(what, *more, flush=True)


def wait_for(event_type: str, order_id: str) -> dict:
    while True:
        event = told.get(timeout=PATIENCE_SECONDS)
        if event["type"] == event_type and event["data"]["orderId"] == order_id:
            return event["data"]


def main(product_key: str, user_id: str) -> None:
    global secret
    oncepaid = Oncepaid(os.environ["ONCEPAID_URL"], os.environ["ONCEPAID_API_KEY"])

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    secret = oncepaid.add_endpoint(address, ["order.fulfilled", "order.refunded"])["secret"]
    say("listens", address)

    cart = f"cart-{uuid.uuid4()}"
    checkout = oncepaid.checkout(cart, user_id, product_key)
    order_id = checkout["orderId"]
    assert oncepaid.checkout(cart, user_id, product_key)["orderId"] == order_id
    say("pay", order_id, checkout["url"])

    wait_for("order.fulfilled", order_id)
    say("fulfilled", order_id)
    try:
        oncepaid.checkout(cart, user_id, product_key)
    except Failure as refused:
        say("again", refused.status, refused.code)
    has = [one["productKey"] for one in oncepaid.entitlements(user_id) if one["state"] == "active"]
    say("has", json.dumps(has))

    amount = oncepaid.refund(order_id, key=f"refund-{cart}")["amount"]
    assert oncepaid.refund(order_id, key=f"refund-{cart}")["amount"] == amount
    told_of = wait_for("order.refunded", order_id)
    say("refunded", told_of["amountRefunded"], oncepaid.order(order_id)["status"])


if __name__ == "__main__":
    main(*sys.argv[1:])
