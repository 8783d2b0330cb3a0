"""Which approval statements count, and whether a request is approved, refused or still open."""

from . import approval, ed25519
from .identity import APPROVE
from .wire import Malformed

SKEW = 300_000


class Request:
    """Everything fixed about one gated request. T maps position to thread hash."""

    def __init__(self, thread, position, e, subject, contract, requester, request_policy, T):
        self.thread, self.position, self.e, self.subject = thread, position, e, subject
        self.contract, self.requester, self.policy, self.T = contract, requester, request_policy, T


def broken_rule(request, raw, signature, q, logs, current):
    """The number of the first rule (7 aside) that a statement at position q breaks, or None."""
    try:
        s = approval.parse(raw)
    except Malformed:
        return 1
    if s.thread != request.thread:
        return 1
    if s.request_e != request.e or s.subject != request.subject:
        return 2
    if s.decision != approval.WITHDRAW and not _listed(request, s, current):
        return 3
    if s.approver == request.requester:
        return 4
    if not _key_is_good(s, logs.get(s.approver)):
        return 5
    if not request.position <= s.thread_seq < q or request.T.get(s.thread_seq) != s.thread_hash:
        return 6
    return None if ed25519.verify_raw(s.key, signature, raw) else 8


def _listed(request, s, current):
    then = request.policy.rule(*request.contract, s.rule_id)
    now = current.rule(*request.contract, s.rule_id)
    return (then is not None and now is not None and s.quorum == then.quorum
            and s.approver in then.approvers and s.approver in now.approvers)


def _key_is_good(s, log):
    if log is None or s.log_head not in log.heads:
        return False
    key = log.key_at(log.heads.index(s.log_head), s.key)
    if key is None or key.usage != APPROVE or log.key_at(log.head_seq, s.key) is None:
        return False
    return key.not_after == 0 or key.not_after >= s.expires


def in_time(request, s, current, now):
    """Rule 7, asked of a yes at the moment of counting."""
    rules = [p.rule(*request.contract, s.rule_id) for p in (request.policy, current)]
    lifetime = 1000 * min(r.max_lifetime for r in rules if r is not None)
    return s.issued <= now + SKEW and now < s.expires <= s.issued + lifetime


def count(request, statements, logs, current, now):
    """statements: (position, 320 bytes, signature) ascending. Returns (verdict of each, outcome)."""
    verdicts, votes, withdrawn = [], {}, set()
    for q, raw, signature in statements:
        broken = broken_rule(request, raw, signature, q, logs, current)
        if broken is not None:
            verdicts.append(f"rule {broken}")
            continue
        s = approval.parse(raw)
        if s.decision == approval.WITHDRAW:
            withdrawn.add(s.approver)
            verdicts.append("withdrawal")
        elif s.approver in votes:
            verdicts.append("not the first vote")
        else:
            votes[s.approver] = s
            verdicts.append("vote")
    return verdicts, _outcome(request, {a: s for a, s in votes.items() if a not in withdrawn}, current, now)


def _outcome(request, votes, current, now):
    rules = current.rules_for(*request.contract)
    for s in votes.values():
        ends = [p.rule(*request.contract, s.rule_id).deny_ends for p in (request.policy, current)]
        if s.decision == approval.NO and any(ends):
            return "refused"
    for rule in rules:
        then = request.policy.rule(*request.contract, rule.rule_id)
        if then is None:
            return "cannot be met"
        yes = [s for s in votes.values() if s.decision == approval.YES and s.rule_id == rule.rule_id
               and in_time(request, s, current, now)]
        if len(yes) < max(rule.quorum, then.quorum):
            return "pending"
    return "met" if rules else "pending"
