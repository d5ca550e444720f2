#!/usr/bin/env python3
"""A small voice webhook, as a router team might write it: stages-2026 over an accounts file.

It has one bug on purpose, of the kind that nobody notices for months: the ring time is looked up at
the number before its owner, where the documents say owner, number, company. `busyhour verify` finds it:

    python3 router.py --accounts accounts.json --port 8080 &
    busyhour verify http://127.0.0.1:8080/voice --accounts accounts.json --wait-for 10s

With --fixed it decides as the documents say. Needs nothing but Python 3.
"""

import argparse
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

WITHHELD = {"", "anonymous", "unknown", "private", "restricted", "+266696687"}
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}


def seconds(text):
    parts = re.findall(r"([\d.]+)\s*([a-z]+)", text)
    return sum(float(number) * UNITS[unit] for number, unit in parts)


class Accounts:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.numbers = {}
            for account in json.load(file)["sub_account"]:
                account["users"] = {user["id"]: user for user in account.get("user", [])}
                account["contacts"] = {
                    contact["phone"]: contact.get("assigned_to") for contact in account.get("contact", [])
                }
                for number in account.get("number", []):
                    self.numbers[number["number"]] = (account, number)


def apps(user):
    """The apps of a user, by what is dialled: web and mobile share one identity."""
    if not user.get("available", True):
        return []
    nouns = []
    if user.get("web_app") or user.get("mobile_app"):
        nouns.append(("Client", user.get("client", user["id"])))
    if user.get("desk_phone"):
        nouns.append(("Sip", user.get("sip", f"sip:{user['id']}@example.invalid")))
    return nouns


def extra(user):
    """The one channel on which an extra user rings."""
    has = {
        "mobile": user.get("mobile_app"),
        "web": user.get("web_app"),
        "desk": user.get("desk_phone"),
        "phone": user.get("phone"),
    }
    channel = user.get("ring_more_device") or next((name for name, there in has.items() if there), None)
    if not channel or not has[channel]:
        return []
    if channel == "phone":
        return [("Number", user["phone"])]
    wanted = "Sip" if channel == "desk" else "Client"
    return [noun for noun in apps(user) if noun[0] == wanted]


def whisper_breaks(account, whisper):
    for name in re.findall(r"{{(.*?)}}", whisper):
        name = name.strip()
        if name.startswith("custom_values."):
            if name[len("custom_values."):] not in account.get("custom_values", {}):
                return True
        elif not name.startswith(("location.", "user.", "contact.")):
            return True
    return False


class Router:
    def __init__(self, accounts, fixed):
        self.accounts = accounts
        self.fixed = fixed

    def owners(self, account, number, caller):
        of_number = number.get("assigned_to")
        of_contact = account["contacts"].get(caller)
        if account.get("prefer") == "contact-owner":
            return of_contact or of_number
        return of_number or of_contact

    def ring_time(self, account, number):
        owner = account["users"].get(number.get("assigned_to"), {})
        levels = [owner, number, account]
        if not self.fixed:
            levels = [number, owner, account]  # the bug: the owner's own time comes first
        return seconds(next((it["incoming_timeout"] for it in levels if "incoming_timeout" in it), "60s"))

    def decide(self, caller, called):
        """(who rings, for how long, what then)"""
        if called not in self.accounts.numbers:
            return [], 0, "drop"
        account, number = self.accounts.numbers[called]
        if not number.get("voice_capable", True):
            return [], 0, "drop"
        if caller is None and not account.get("allow_private_calls", True):
            return [], 0, "reject"
        if number.get("ivr"):
            return [], 0, "ivr"
        if number.get("voice_ai") == "direct":
            return [], 0, "voice-ai"
        if number.get("pool"):
            if "forward_to" not in number:
                return [], 0, "drop"
            nouns = [("Number", number["forward_to"])]
        else:
            nouns = self.targets(account, number, caller)
        phone = any(kind == "Number" for kind, _ in nouns)
        if phone and whisper_breaks(account, number.get("whisper", "")):
            return [], 0, "drop"
        then = "voice-ai" if number.get("voice_ai") == "backup" else number.get("backup", "voicemail")
        return nouns, self.ring_time(account, number), then

    def targets(self, account, number, caller):
        owner = self.owners(account, number, caller)
        nouns = []
        slot = None
        if owner:
            user = account["users"][owner]
            nouns += apps(user)
            slot = user.get("phone")
        slot = slot or number.get("forward_to")
        if account.get("forward_to_business_phone", True):
            slot = slot or account.get("business_phone")
        if slot:
            nouns.append(("Number", slot))
        for name in list(dict.fromkeys(number.get("ring_more", [])))[:6]:
            if name != owner:
                nouns += extra(account["users"][name])
        return list(dict.fromkeys(nouns))


ENDINGS = {
    "voicemail": "<Say>Please leave a message.</Say><Record/>",
    "voice-ai": '<Connect><Stream url="wss://agent.invalid/stream"/></Connect>',
    "ivr": '<Gather numDigits="1"><Say>Press a key.</Say></Gather>',
    "hold": "<Enqueue>support</Enqueue>",
    "none": "<Hangup/>",
    "drop": "<Hangup/>",
    "reject": '<Reject reason="rejected"/>',
}


def twiml(nouns, ring_s, then):
    if not nouns:
        return f"<Response>{ENDINGS[then]}</Response>"
    legs = "".join(f"<{kind}>{escape(text)}</{kind}>" for kind, text in nouns)
    action = quoteattr(f"/after?then={then}")
    return f'<Response><Dial timeout="{ring_s:g}" action={action}>{legs}</Dial></Response>'


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Buffered, and written at once: an answer in two small packets waits 40 ms for the other side.
    wbufsize = -1
    router = None

    def do_POST(self):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        if url.path == "/after":
            then = parse_qs(url.query)["then"][0]
            return self.answer(200, twiml([], 0, then))
        if url.path != "/voice":
            return self.answer(404, "<Response/>")
        caller = fields.get("From", "")
        caller = None if caller.lower() in WITHHELD else caller
        return self.answer(200, twiml(*self.router.decide(caller, fields.get("To", ""))))

    def do_GET(self):
        self.answer(200 if self.path == "/healthz" else 404, "<Response/>")

    def answer(self, status, xml):
        body = xml.encode()
        self.send_response(status)
        self.send_header("content-type", "text/xml; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", default="accounts.json")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--fixed", action="store_true", help="without the planted bug")
    args = parser.parse_args()
    Webhook.router = Router(Accounts(args.accounts), args.fixed)
    server = ThreadingHTTPServer(("127.0.0.1", args.port), Webhook)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
