from answerable.api.webhooks.signing import headers, new_secret, signature

# The example of the libraries of Standard Webhooks (libraries/python/tests, libraries/javascript/src).
SECRET, KEY, AT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'


def test_a_signature_is_that_of_standard_webhooks() -> None:
    assert signature(SECRET, KEY, AT, BODY) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_valid_secret_signs() -> None:
    other = new_secret()
    told = headers([SECRET, other], KEY, AT, BODY)
    assert told["webhook-signature"].split() == [signature(SECRET, KEY, AT, BODY), signature(other, KEY, AT, BODY)]
    assert (told["webhook-id"], told["webhook-timestamp"]) == (KEY, "1614265330")
