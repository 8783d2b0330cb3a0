"""Counting: which statements of a list count, and what becomes of the request."""

from af1 import approval, ed25519, frames, policy
from af1.counting import Request, count
from af1.identity import APPROVE
from af1.identity_log import IdentityLog
from af1.seeds import seed
from af1.world import TIME, Actor

CONTRACT, MAJOR = frames.contract_id("release.deploy"), 1
NOW = TIME + 10_000_000
POSITION = 5    # of the request


class Counting:
    def __init__(self):
        self.requester = Actor("build")
        self.people = {n: Actor(n, True) for n in ("manager-a", "manager-b", "manager-c", "stranger")}
        self.thread, self.e, self.subject = seed("count/thread"), seed("count/E"), seed("count/subject")
        self.T = {n: seed(f"count/T {n}") for n in range(0, 40)}
        self.ids = [self.people[n].agent_id for n in ("manager-a", "manager-b", "manager-c")]
        self.logs = {a.agent_id: a.log.bytes for a in (*self.people.values(), self.requester)}
        self.scenarios, self.verified = [], {}

    def log(self, raw):
        if raw not in self.verified:
            self.verified[raw] = IdentityLog(raw)
        return self.verified[raw]

    def policy(self, quorum=2, deny=0, lifetime=7200, approvers=None, more=()):
        rule = policy.Rule(CONTRACT, MAJOR, 1, quorum, deny, lifetime, approvers or self.ids)
        return policy.Policy(1, 86_400, 65_536, bytes(32), [rule, *more])

    def say(self, name, who, decision=approval.YES, key=None, **changes):
        actor = self.people[who] if who in self.people else self.requester
        signer = key or actor.approver_key
        facts = dict(decision=decision, rule_id=1, quorum=2, thread=self.thread, request_e=self.e, subject=self.subject,
                     approver=actor.agent_id, key=ed25519.public(signer), log_head=actor.log.head, issued=NOW - 60_000,
                     expires=NOW + 3_600_000, thread_seq=POSITION, thread_hash=self.T[POSITION], reason_hash=bytes(32),
                     nonce=seed(f"count/nonce {name}", 16))
        if "thread_seq" in changes:
            changes.setdefault("thread_hash", self.T[changes["thread_seq"]])
        raw = approval.Statement(**(facts | changes)).bytes()
        return raw, ed25519.sign_raw(signer, raw)

    def scenario(self, name, statements, verdicts, outcome, then=None, current=None, now=NOW, logs=None):
        then = then or self.policy()
        current = current or then
        known = self.logs | (logs or {})
        request = Request(self.thread, POSITION, self.e, self.subject, (CONTRACT, MAJOR), self.requester.agent_id, then, self.T)
        listed = [(q, *statement) for q, statement in statements]
        got = count(request, listed, {a: self.log(raw) for a, raw in known.items()}, current, now)
        assert got == (verdicts, outcome), (name, got)
        self.scenarios.append({
            "name": name, "now": now, "requestPolicy": then.bytes(), "currentPolicy": current.bytes(),
            "statements": [{"position": q, "statement": raw, "signature": s, "verdict": v}
                           for (q, raw, s), v in zip(listed, verdicts)],
            "changedLogs": [{"agentId": a, "log": raw} for a, raw in (logs or {}).items()], "outcome": outcome})


def _votes(c):
    a, b = c.say("a", "manager-a"), c.say("b", "manager-b")
    no_a, no_b = c.say("no a", "manager-a", approval.NO), c.say("no b", "manager-b", approval.NO)
    c.scenario("two people say yes", [(6, a), (7, b)], ["vote"] * 2, "met")
    c.scenario("one of two", [(6, a)], ["vote"], "pending")
    c.scenario("the same person twice", [(6, a), (7, c.say("a again", "manager-a"))], ["vote", "not the first vote"], "pending")
    c.scenario("the same bytes twice", [(6, a), (7, a)], ["vote", "not the first vote"], "pending")
    c.scenario("a no stays even when a yes follows", [(6, no_a), (7, a), (8, b)], ["vote", "not the first vote", "vote"], "pending")
    c.scenario("a no without denyEnds", [(6, a), (7, no_b), (8, c.say("c", "manager-c"))], ["vote"] * 3, "met")
    c.scenario("a no with denyEnds", [(6, a), (7, no_b), (8, c.say("c", "manager-c"))], ["vote"] * 3, "refused", c.policy(deny=1))
    c.scenario("denyEnds came later", [(6, no_a)], ["vote"], "refused", c.policy(), c.policy(deny=1))
    c.scenario("an abstention is the only vote", [(6, c.say("abstain", "manager-a", approval.ABSTAIN)), (7, a), (8, b)],
               ["vote", "not the first vote", "vote"], "pending")
    gone = c.say("gone", "manager-a", approval.WITHDRAW)
    c.scenario("a withdrawal after a yes", [(6, a), (7, b), (8, gone)], ["vote", "vote", "withdrawal"], "pending")
    c.scenario("a yes after a withdrawal", [(6, gone), (7, a), (8, b)], ["withdrawal", "vote", "vote"], "pending")
    odd = c.say("odd", "manager-a", approval.WITHDRAW, rule_id=9, quorum=9, expires=1)
    c.scenario("a withdrawal needs no rule and does not expire", [(6, a), (7, b), (8, odd)], ["vote", "vote", "withdrawal"], "pending")


def _rules(c):
    yes = c.say("base", "manager-a")
    raw, signature = yes
    one = c.policy(quorum=1)

    def only(name, statement, verdict, **more):
        c.scenario(name, [(more.pop("q", 6), statement)], [verdict], "met" if verdict == "vote" else "pending",
                   more.pop("then", one), **more)

    def say(name, who="manager-a", **changes):
        return c.say(name, who, **({"quorum": 1} | changes))

    only("quorum 1, one yes", say("one"), "vote")
    only("319 bytes", (raw[:-1], signature), "rule 1")
    only("another label", (b"X" + raw[1:], signature), "rule 1")
    only("version 2", (raw[:16] + b"\2" + raw[17:], signature), "rule 1")
    only("decision 5", (raw[:17] + b"\5" + raw[18:], signature), "rule 1")
    only("a reserved byte", (raw[:20] + b"\1" + raw[21:], signature), "rule 1")
    only("another thread", say("thread", thread=seed("count/other")), "rule 1")
    only("another request", say("e", request_e=seed("count/other")), "rule 2")
    only("another subject", say("subject", subject=seed("count/other")), "rule 2")
    only("a rule that is not there", say("rule", rule_id=2), "rule 3")
    only("the wrong quorum", say("quorum", quorum=2), "rule 3")
    only("a person who is not listed", say("stranger", "stranger"), "rule 3")
    only("a person who is no longer listed", say("dropped"), "rule 3", current=c.policy(quorum=1, approvers=c.ids[1:]))
    own = c.policy(quorum=1, approvers=[*c.ids, c.requester.agent_id])
    only("the requester", say("own", "build", key=c.requester.device), "rule 4", then=own)
    person = c.people["manager-a"]
    only("a device key", say("device", key=person.device), "rule 5")
    only("a head that the log does not have", say("head", log_head=seed("count/other")), "rule 5")
    later = Actor("manager-a", True)
    later.log.revoke_key(TIME + 5, later.approver_key, later.root)
    only("a key that was revoked since", say("revoked"), "rule 5", logs={later.agent_id: later.log.bytes})
    short = Actor("manager-a", False)
    short.approver_key = seed("manager-a/approver")
    short.log.add_key(TIME + 2, short.approver_key, APPROVE, short.root, NOW + 1000)
    only("notAfter before expires", say("notAfter", log_head=short.log.head), "rule 5", logs={short.agent_id: short.log.bytes})
    only("notAfter at expires", say("at notAfter", log_head=short.log.head, expires=NOW + 1000), "vote",
         logs={short.agent_id: short.log.bytes})
    only("threadSeq before the request", say("early", thread_seq=4), "rule 6")
    only("threadSeq at the statement", say("late", thread_seq=6), "rule 6")
    only("another T", say("fork", thread_hash=seed("count/other")), "rule 6")
    only("the signature", (say("bad")[0], bytes(64)), "rule 8")


def _time(c):
    one = c.policy(quorum=1)

    def say(name, **changes):
        return c.say(name, "manager-a", **({"quorum": 1} | changes))

    def only(name, statement, outcome, **more):
        c.scenario(name, [(6, statement)], ["vote"], outcome, more.pop("then", one), **more)

    only("issued 300 s ahead", say("skew", issued=NOW + 300_000), "met")
    only("issued 300.001 s ahead", say("skew 2", issued=NOW + 300_001), "pending")
    only("expired to the millisecond", say("expired", expires=NOW), "pending")
    only("a millisecond left", say("almost", expires=NOW + 1), "met")
    only("the longest lifetime", say("long", issued=NOW - 1, expires=NOW - 1 + 7_200_000), "met")
    only("a lifetime too long", say("longer", issued=NOW - 1, expires=NOW + 7_200_000), "pending")
    only("the lifetime was shortened", say("shortened", issued=NOW - 1, expires=NOW + 3_600_000), "pending",
         current=c.policy(quorum=1, lifetime=60))
    no = c.say("old no", "manager-a", approval.NO, quorum=1, issued=1, expires=2)
    c.scenario("a no does not expire", [(6, no)], ["vote"], "refused", c.policy(quorum=1, deny=1))
    old, fresh = say("old"), c.say("fresh", "manager-a", quorum=1, expires=NOW + 5_000_000)
    c.scenario("an expired yes is not replaced by a fresh one", [(6, old), (7, fresh)], ["vote", "not the first vote"], "pending",
               one, now=NOW + 4_000_000)


def _policies(c):
    a, b = (c.say(f"p {n}", n, quorum=1) for n in ("manager-a", "manager-b"))
    one, two = c.policy(quorum=1), c.policy(quorum=2)
    second = policy.Rule(CONTRACT, MAJOR, 2, 1, 0, 7200, c.ids)
    both = c.policy(quorum=1, more=[second])
    c.scenario("the quorum was raised: one yes", [(6, a)], ["vote"], "pending", one, two)
    c.scenario("the quorum was raised: two", [(6, a), (7, b)], ["vote"] * 2, "met", one, two)
    c.scenario("a rule was added", [(6, a), (7, b)], ["vote"] * 2, "cannot be met", one, both)
    c.scenario("two rules, one person each", [(6, a), (7, c.say("r2", "manager-b", rule_id=2, quorum=1))], ["vote"] * 2, "met", both)
    c.scenario("one person for two rules", [(6, a), (7, c.say("r2 a", "manager-a", rule_id=2, quorum=1))],
               ["vote", "not the first vote"], "pending", both)
    other = policy.Policy(1, 86_400, 65_536, bytes(32), [])
    c.scenario("no rule at all", [(6, a)], ["rule 3"], "pending", other)


def make():
    c = Counting()
    _votes(c)
    _rules(c)
    _time(c)
    _policies(c)
    return {"counting": {
        "threadId": c.thread, "requestPosition": POSITION, "requestE": c.e, "subject": c.subject, "contractId": CONTRACT,
        "major": MAJOR, "requester": c.requester.agent_id, "T": [c.T[n] for n in sorted(c.T)],
        "logs": [{"agentId": a, "log": raw} for a, raw in c.logs.items()], "scenarios": c.scenarios}}
