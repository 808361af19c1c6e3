"""What stripe-python does against the sandbox, in a version as old as Debian's (5.0): its booleans are True and False, its version is
of 2022. Each step is told as it ends, and the sum at the end; after a failure the others still run."""

import json
import os
import sys
import time
import urllib.request

import stripe

stripe.api_key = "sk_test_clients"
# Before 6.0 the SDK names no version of the API, and its accounts had that of their first day: this one of Debian's package.
stripe.api_version = "2022-11-15"
stripe.api_base = f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}"

SUCCESS = "http://shop.test/"
MONTH_SECONDS = 32 * 86_400
state = {}


def post(path, **body):
    """What no SDK has: the page's button, and what a test asks of the sandbox."""
    request = urllib.request.Request(
        f"{stripe.api_base}{path}",
        data=json.dumps(body).encode(),
        headers={"authorization": f"Bearer {stripe.api_key}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def pay(session, method="pm_card_visa"):
    request = urllib.request.Request(
        f"{stripe.api_base}/v1/payment_pages/{session.id}/confirm",
        data=f"payment_method={method}".encode(),
        headers={"authorization": f"Bearer {stripe.api_key}"},
    )
    urllib.request.urlopen(request).close()
    return stripe.checkout.Session.retrieve(session.id)


def events_of(kind):
    post("/sandbox/webhooks/idle")
    return [event.data.object for event in stripe.Event.list(type=kind, limit=100).data]


def purchase():
    product = stripe.Product.create(name="Handbook", shippable=False)
    price = stripe.Price.create(product=product.id, currency="usd", unit_amount=1_900)
    session = pay(
        stripe.checkout.Session.create(
            mode="payment",
            success_url=SUCCESS,
            allow_promotion_codes=True,
            line_items=[{"price": price.id, "quantity": 2}],
        )
    )
    assert (session.status, session.payment_status, session.amount_total) == ("complete", "paid", 3_800)
    lines = stripe.checkout.Session.list_line_items(session.id)
    assert [(line.quantity, line.amount_total) for line in lines.data] == [(2, 3_800)]
    assert session.id in [told.id for told in events_of("checkout.session.completed")]
    state["payment"] = session.payment_intent


def signature():
    """An event as it is sent, checked by the SDK; one changed on its way is refused."""
    body = json.dumps({"id": "evt_1", "object": "event"})
    at = int(time.time())
    signed = stripe.WebhookSignature._compute_signature(f"{at}.{body}", "whsec_clients")
    header = f"t={at},v1={signed}"
    assert stripe.Webhook.construct_event(body, header, "whsec_clients").id == "evt_1"
    try:
        stripe.Webhook.construct_event(body + " ", header, "whsec_clients")
    except stripe.error.SignatureVerificationError:
        return
    raise AssertionError("a changed event was taken")


def subscription():
    customer = stripe.Customer.create(email="asha@example.com")
    price = stripe.Price.create(
        product_data={"name": "Pro"}, currency="usd", unit_amount=8_700, recurring={"interval": "month"}
    )
    session = pay(
        stripe.checkout.Session.create(
            mode="subscription",
            customer=customer.id,
            success_url=SUCCESS,
            line_items=[{"price": price.id, "quantity": 1}],
        )
    )
    found = stripe.Subscription.retrieve(session.subscription, expand=["latest_invoice.payment_intent"])
    assert (found.status, found.cancel_at_period_end) == ("active", False)
    # As its version of the API has it: later ones have moved both.
    assert found.current_period_end > found.current_period_start
    assert found.latest_invoice.payment_intent.status == "succeeded"
    state.update(customer=customer.id, subscription=found.id, period_end=found.current_period_end)


def renewal():
    post("/sandbox/clock/advance", seconds=MONTH_SECONDS)
    post("/sandbox/webhooks/idle")
    found = stripe.Subscription.retrieve(state["subscription"])
    assert found.current_period_start == state["period_end"], "the next period begins where the first ended"
    paid = stripe.Invoice.list(customer=state["customer"], status="paid")
    reasons = [invoice.billing_reason for invoice in paid.auto_paging_iter()]
    assert reasons == ["subscription_cycle", "subscription_create"], reasons
    assert all(invoice.paid is True for invoice in paid.data)


def end():
    changed = stripe.Subscription.modify(state["subscription"], cancel_at_period_end=True)
    assert changed.cancel_at_period_end is True
    assert stripe.Subscription.delete(state["subscription"]).status == "canceled"


def refund():
    part = stripe.Refund.create(payment_intent=state["payment"], amount=800)
    assert (part.status, part.amount) == ("succeeded", 800)
    rest = stripe.Refund.create(payment_intent=state["payment"])
    assert rest.amount == 3_000
    try:
        stripe.Refund.create(payment_intent=state["payment"])
    except stripe.error.InvalidRequestError as error:
        assert error.code == "charge_already_refunded", error.code
    else:
        raise AssertionError("it was refunded a third time")


def twice():
    keyed = dict(amount=500, currency="usd", idempotency_key="python-1")
    assert stripe.PaymentIntent.create(**keyed).id == stripe.PaymentIntent.create(**keyed).id


def declined():
    try:
        stripe.PaymentIntent.create(
            amount=500, currency="usd", payment_method="pm_card_chargeDeclinedInsufficientFunds", confirm=True
        )
    except stripe.error.CardError as error:
        assert (error.code, error.error.decline_code) == ("card_declined", "insufficient_funds")
        return
    raise AssertionError("a card without money paid")


def dispute():
    intent = stripe.PaymentIntent.create(
        amount=2_000, currency="usd", payment_method="pm_card_createDispute", confirm=True
    )
    (found,) = stripe.Dispute.list(payment_intent=intent.id).data
    assert (found.status, found.amount) == ("needs_response", 2_000)
    answered = stripe.Dispute.modify(
        found.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True
    )
    assert answered.status == "under_review"
    # The bank takes five seconds.
    post("/sandbox/clock/advance", seconds=6)
    assert stripe.Dispute.retrieve(found.id).status == "won"


STEPS = {
    "a purchase by Checkout is paid, with its lines and its event": purchase,
    "an event is taken by its signature, and refused when it was changed": signature,
    "a plan bought by Checkout has the shape of this SDK's version": subscription,
    "a month later it is renewed and paid": renewal,
    "it is set to end, and ended": end,
    "a payment is refunded in part, then the rest, and not a third time": refund,
    "a request sent twice with one key is carried out once": twice,
    "a card without money is declined with its reason": declined,
    "a payment is disputed, answered and won": dispute,
}

passed = 0
for promise, step in STEPS.items():
    try:
        step()
        passed += 1
        print(f"  ok     {promise}", flush=True)
    except Exception as error:
        print(f"  FAILED {promise}: {type(error).__name__}: {error}", flush=True)
print(f"stripe-python {stripe.version.VERSION}: {passed} of {len(STEPS)} steps")
sys.exit(0 if passed == len(STEPS) else 1)
