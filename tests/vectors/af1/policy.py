"""Thread policy: rules, hash, and what counts as tightening."""

from .hashing import H
from .wire import Reader, require, sized, u8, u16, u32


class Rule:
    def __init__(self, contract_id, major, rule_id, quorum, deny_ends, max_lifetime, approvers):
        self.contract_id, self.major, self.rule_id = sized(contract_id, 16), major, rule_id
        self.quorum, self.deny_ends, self.max_lifetime = quorum, deny_ends, max_lifetime
        self.approvers = sorted(approvers)

    @property
    def key(self):
        return self.contract_id + u16(self.major) + u8(self.rule_id)

    def bytes(self):
        return (self.key + u8(self.quorum) + u8(self.deny_ends) + bytes(3) + u32(self.max_lifetime)
                + u16(len(self.approvers)) + bytes(2) + b"".join(self.approvers))


class Policy:
    def __init__(self, suite, max_epoch_seconds, max_epoch_messages, catalogue, rules):
        self.suite, self.catalogue = suite, sized(catalogue, 32)
        self.max_epoch_seconds, self.max_epoch_messages = max_epoch_seconds, max_epoch_messages
        self.rules = sorted(rules, key=lambda r: r.key)

    def bytes(self):
        head = (u8(1) + u8(self.suite) + bytes(2) + u32(self.max_epoch_seconds) + u32(self.max_epoch_messages)
                + self.catalogue + u16(len(self.rules)) + bytes(2))
        return sized(head, 48) + b"".join(r.bytes() for r in self.rules)

    def hash(self):
        return H("AF1 policy", self.bytes())

    def rules_for(self, contract_id, major):
        return [r for r in self.rules if (r.contract_id, r.major) == (contract_id, major)]

    def rule(self, contract_id, major, rule_id):
        return next((r for r in self.rules_for(contract_id, major) if r.rule_id == rule_id), None)


def parse(raw):
    reader = Reader(raw)
    require(reader.u8() == 1, "policy version")
    suite = reader.u8()
    require(suite == 1, "unknown suite")
    reader.zero(2)
    seconds, messages, catalogue, count = reader.u32(), reader.u32(), reader.take(32), reader.u16()
    reader.zero(2)
    rules = [_rule(reader) for _ in range(count)]
    reader.end()
    keys = [r.key for r in rules]
    require(all(a < b for a, b in zip(keys, keys[1:])), "rules ascend strictly by their first 19 bytes")
    return Policy(suite, seconds, messages, catalogue, rules)


def _rule(reader):
    contract_id, major, rule_id, quorum, deny = reader.take(16), reader.u16(), reader.u8(), reader.u8(), reader.u8()
    reader.zero(3)
    lifetime, count = reader.u32(), reader.u16()
    reader.zero(2)
    approvers = [reader.take(32) for _ in range(count)]
    require(rule_id >= 1 and quorum >= 1 and deny <= 1, "ruleId, quorum or denyEnds of a rule")
    require(all(a < b for a, b in zip(approvers, approvers[1:])), "approvers ascend and are distinct")
    return Rule(contract_id, major, rule_id, quorum, deny, lifetime, approvers)


def only_tightens(old, new):
    if new.suite < old.suite or new.catalogue != old.catalogue:
        return False
    if not _limit(old.max_epoch_seconds, new.max_epoch_seconds) or not _limit(old.max_epoch_messages, new.max_epoch_messages):
        return False
    for rule in old.rules:
        now = new.rule(rule.contract_id, rule.major, rule.rule_id)
        if now is None or now.quorum < rule.quorum or now.deny_ends < rule.deny_ends:
            return False
        if now.max_lifetime > rule.max_lifetime or not set(now.approvers) <= set(rule.approvers):
            return False
    return True


def _limit(old, new):
    return new <= old
