"""A thread of three devices: genesis, messages, a Commit with every kind of change, a Commit that adds two."""

from af1 import commit, ed25519, frames, policy, roster
from af1.aead import x25519_public
from af1.identity import ADMIN
from af1.seeds import seed
from af1.world import TIME, Actor, ThreadWriter

RULE_CONTRACT = "release.deploy"


def _policy(manager_a, manager_b, tightened):
    contract = frames.contract_id(RULE_CONTRACT)
    rules = [policy.Rule(contract, 1, 1, 1, 1 if tightened else 0, 3600 if tightened else 7200,
                         [manager_a] if tightened else [manager_a, manager_b])]
    if tightened:
        rules.append(policy.Rule(contract, 1, 2, 2, 0, 600, [manager_a, manager_b]))
    return policy.Policy(1, 3600 if tightened else 86_400, 65_536, seed("threads/catalogue"), rules)


def _message(text):
    return frames.frame(frames.contract_id("release.built"), 1, 0, frames.RAW, bytes(32), seed("threads/correlation", 16),
                        b"", text.encode())


def _actor(a):
    return {"name": a.name, "agentId": a.agent_id, "log": a.log.bytes, "idLogSeq": a.log.head_seq, "idLogHead": a.log.head,
            "deviceSeed": a.device, "devicePk": ed25519.public(a.device), "spkPrivate": a.spk, "spk": x25519_public(a.spk)}


def make():
    build, qa, deploy, security, extra_a, extra_b = (Actor(n) for n in ("build", "qa", "deploy", "security", "audit", "report"))
    manager_a, manager_b = Actor("manager-a", True), Actor("manager-b", True)
    first = _policy(manager_a.agent_id, manager_b.agent_id, False)
    writer = ThreadWriter("thread", [build, qa, deploy])
    genesis = writer.start(build, first, [(qa, 1), (deploy, 1)])
    zero = {"roster": roster.roster_bytes(writer.before[0]), "rosterHash": roster.roster_hash(writer.before[0]),
            "policy": first.bytes(), "policyHash": first.hash(), "ctx0": writer.before[2]}
    actors_at_start = [_actor(a) for a in (build, qa, deploy)]
    writer.app(0, [_message("one")])
    writer.app(1, [_message("two")])
    writer.app(1, [_message("three")], skip=2, ack=2)
    writer.app(2, [_message("four"), _message("five"), _message("six")])
    writer.heartbeat(2)
    writer.app(0, [_message("seven")], batched=True)

    # Commit 1 -> 2: qa's device is revoked and removed, deploy takes a new leaf key, security comes in, the policy tightens.
    admin = seed("qa/admin")
    qa.log.add_key(TIME + 10, admin, ADMIN, qa.root).revoke_key(TIME + 11, qa.device, admin, 1, TIME + 9)
    writer.learn(qa, security)
    second, new_leaf = _policy(manager_a.agent_id, manager_b.agent_id, True), seed("threads/deploy leaf 2")
    log = (deploy.log.head_seq, deploy.log.head)
    changes = [commit.remove(1, qa.log.head_seq, qa.log.head),
               commit.update(writer.thread, 2, x25519_public(new_leaf), *log, 1, deploy.device),
               security.add_change(3, 3), commit.policy_change(second.bytes())]
    before = writer.public.roster
    after = {0: before[0], 2: before[2].with_leaf(x25519_public(new_leaf), *log), 3: security.entry(3)}
    writer.commit(0, changes, after, second, {3: security}, {2: new_leaf})
    writer.app(3, [_message("eight")])
    writer.app(2, [_message("nine")], skip=1)

    # Commit 2 -> 3 by another admin: the lowest free leaf, then the next.
    writer.learn(extra_a, extra_b)
    changes = [extra_a.add_change(1, 8), extra_b.add_change(4, 5)]
    writer.commit(3, changes, after | {1: extra_a.entry(8), 4: extra_b.entry(5)}, second, {1: extra_a, 4: extra_b}, {})
    writer.heartbeat(1)
    writer.app(4, [_message("ten")])
    return {
        "thread": {
            "threadId": writer.thread, "creatorEntry": genesis["creatorEntry"], "creatorLeafPrivate": genesis["creatorLeafPrivate"],
            "random": genesis["random"], "start": zero, "actors": actors_at_start,
            "laterActors": [_actor(a) for a in (qa, security, extra_a, extra_b)],
            "updatedLeafPrivate": new_leaf, "ctx": writer.public.ctx, "envelopes": writer.records,
            "policies": [{"bytes": p.bytes(), "policyHash": p.hash()} for p in (first, second)]}}
