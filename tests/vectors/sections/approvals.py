"""A gated request with its approval, claim and proof file; statements of every decision."""

from af1 import approval, ed25519, frames, policy, text
from af1.seeds import seed
from af1.wire import Reader
from af1.world import Actor, ThreadWriter

from .framing import PAYLOAD, SCHEMA

HOUR = 3_600_000


class ApprovalThread:
    """Genesis, request, yes of one manager, claim, result."""

    def __init__(self):
        self.build, self.deploy = Actor("build"), Actor("deploy")
        self.managers = [Actor("manager-a", True), Actor("manager-b", True)]
        self.contract = frames.contract_id("release.deploy")
        self.rule = policy.Rule(self.contract, 1, 1, 1, 1, 7200, [m.agent_id for m in self.managers])
        self.policy = policy.Policy(1, 86_400, 65_536, bytes(32), [self.rule])
        self.writer = ThreadWriter("approval", [])
        self.genesis = self.writer.start(self.build, self.policy, [(self.deploy, 1)] + [(m, 5) for m in self.managers])
        extensions = frames.extensions([(frames.SALT, seed("approval/salt", 16)), (frames.TARGET, self.deploy.agent_id)])
        self.frame = frames.frame(self.contract, 1, 0, frames.PROTOBUF, frames.schema_hash(SCHEMA), seed("approval/correlation", 16),
                                  extensions, PAYLOAD)
        self.request = self.writer.app(0, [self.frame])
        self.subject = frames.Frame(Reader(self.frame)).subject()
        self.statements = {}
        self.yes = self._carry("yes", 0, approval.YES, b"ticket OPS-311")
        self.claim = self.writer.app(1, [approval.claim_frame(self.request["E"])])
        self.result = self.writer.app(1, [frames.frame(frames.contract_id("release.deployed"), 1, 0, frames.PROTOBUF, bytes(32),
                                                       seed("approval/correlation", 16), b"", PAYLOAD)])

    def statement(self, name, manager, decision, reason=b"", issued=None, seq=None):
        actor, public = self.managers[manager], self.writer.public
        issued = self.request["time"] + 60_000 if issued is None else issued
        seq = public.position if seq is None else seq
        s = approval.Statement(
            decision=decision, rule_id=1, quorum=1, thread=self.writer.thread, request_e=self.request["E"], subject=self.subject,
            approver=actor.agent_id, key=ed25519.public(actor.approver_key), log_head=actor.log.head, issued=issued,
            expires=issued + HOUR, thread_seq=seq, thread_hash=public.T[seq], reason_hash=approval.reason_hash(reason),
            nonce=seed(f"approval/nonce {name}", 16))
        return {"name": name, "decision": decision, "ruleId": 1, "quorum": 1, "threadId": s.thread, "requestE": s.request_e,
                "subject": s.subject, "approver": s.approver, "approverSeed": actor.approver_key, "approverKey": s.key,
                "idLogHead": s.log_head, "issued": s.issued, "expires": s.expires, "threadSeq": seq, "threadHash": s.thread_hash,
                "reason": reason, "reasonHash": s.reason_hash, "nonce": s.nonce, "statement": s.bytes(),
                "signature": s.sign(actor.approver_key), "payload": approval.payload(s.bytes(), s.sign(actor.approver_key), reason),
                "frame": approval.frame(s.bytes(), s.sign(actor.approver_key), reason)}

    def _carry(self, name, manager, decision, reason):
        made = self.statement(name, manager, decision, reason)
        self.statements[name] = made
        record = self.writer.app(2 + manager, [made["frame"]])
        return record, made


def make():
    t = ApprovalThread()
    samples = [t.statements["yes"], t.statement("no", 1, approval.NO, "not on a Friday".encode(), seq=2),
               t.statement("abstain", 1, approval.ABSTAIN, seq=2), t.statement("withdraw", 0, approval.WITHDRAW, seq=3)]
    return {"approval": {
        "threadId": t.writer.thread, "threadText": text.thread_text(t.writer.thread), "policy": t.policy.bytes(),
        "actors": [{"name": a.name, "agentId": a.agent_id, "log": a.log.bytes, "deviceSeed": a.device, "spkPrivate": a.spk}
                   for a in (t.build, t.deploy, *t.managers)],
        "requestE": t.request["E"], "requestFrame": t.frame, "subject": t.subject, "digestText": text.digest_text(t.subject),
        "approvalId": text.approval_id(t.request["E"]), "statements": samples,
        "claimFrame": approval.claim_frame(t.request["E"]), "effectKey": approval.effect_key(t.request["E"]),
        "envelopes": t.writer.records}}
