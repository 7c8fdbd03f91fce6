"""Signing in with OpenRouter on the isolated page, against a service that checks the verifier."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.support.authorisation import AuthorisationServer
from tests.support.browser.demo import close_settings, expect_status, forget_providers

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
STORED = """async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state,
    runt.store.events(), await caches.keys(), await indexedDB.databases(),
])"""


def play(page: Page) -> AuthorisationServer:
    """Answer for OpenRouter: its page with one button, and its API."""
    service = AuthorisationServer()

    def answer(route: Route) -> None:
        asked = route.request
        if "/auth?" in asked.url:
            back = service.decide(asked.url).replace("&", "&amp;")
            body = f"<!doctype html><title>OpenRouter</title><a href='{back}'>Answer</a>"
            route.fulfill(body=body, content_type="text/html")
            return
        said = asked.post_data or "{}"
        status, answered = service.answer(asked.method, asked.url, asked.headers, said)
        route.fulfill(status=status, headers=CORS, json=answered)

    page.context.route("https://openrouter.ai/**", answer)
    return service


def test_a_person_signs_in_and_out(demo: Page) -> None:
    expect_status(demo)
    service = play(demo)
    assert demo.evaluate("() => crossOriginIsolated")
    service.allows = False
    demo.get_by_test_id("model-picker").click()
    with demo.expect_popup() as opened:
        demo.get_by_test_id("picker").get_by_test_id("sign-in").click()
    opened.value.get_by_text("Answer").click()
    expect(demo.get_by_test_id("sign-in-problem")).to_contain_text("you did not allow it there")
    expect(opened.value.locator("#said")).to_contain_text("you did not allow it there")
    assert opened.value.evaluate("() => [location.search, history.length]")[0] == ""
    opened.value.close()

    service.allows = True
    with demo.expect_popup() as opened:
        demo.get_by_test_id("settings-dialog").get_by_test_id("sign-in").click()
    expect(demo.get_by_test_id("signing-in")).to_be_visible()
    opened.value.get_by_text("Answer").click()
    expect(demo.get_by_test_id("findings")).to_contain_text("The key has $8.80 left of $10.00")
    assert opened.value.is_closed() or "code=" not in opened.value.url
    (key,) = service.keys
    stored = demo.evaluate(STORED)
    secrets = [key, *service.exchanged[-1].values()]
    assert [one for one in secrets if one != "S256" and one in stored] == []
    assert json.loads(stored)[0]["runt-pyodide.ai"]

    demo.get_by_test_id("sign-out").click()
    expect(demo.get_by_test_id("provider-openrouter")).to_contain_text("no key")
    expect(demo.get_by_test_id("sign-in")).to_be_visible()
    close_settings(demo)
    forget_providers(demo)
