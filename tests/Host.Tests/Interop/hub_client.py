"""A stock gRPC client, grpcio, against the hub. Usage: hub_client.py SCENARIO.json; ends with 0 where everything was as it should be."""
import base64
import hashlib
import json
import sys

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

with open(sys.argv[1], encoding="utf-8") as file:
    scenario = json.load(file)

pool = descriptor_pool.DescriptorPool()
for descriptor in scenario["descriptors"]:
    pool.Add(descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(descriptor)))
factory = message_factory.MessageFactory(pool)
SERVICE = "agentflow.hub.v1.Hub"


def of(name):
    """The class of a message."""
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


def hub(name):
    return of("agentflow.hub.v1." + name)


def data(name):
    return base64.b64decode(scenario[name])


def method(path):
    """Finds a method and gives the callable that fits its kind."""
    service, name = path.rsplit("/", 1)
    found = pool.FindServiceByName(service).methods_by_name[name]
    shape = descriptor_pb2.MethodDescriptorProto()
    found.CopyToProto(shape)
    kind = {(False, False): channel.unary_unary, (True, False): channel.stream_unary,
            (False, True): channel.unary_stream, (True, True): channel.stream_stream}[shape.client_streaming, shape.server_streaming]
    return kind("/" + path, request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=factory.GetPrototype(found.output_type).FromString)


tokens = {}


def call(name, who="alice", **options):
    """Calls as an agent, or, before it has logged in, as nobody."""
    metadata = [("authorization", "Bearer " + tokens[who])] if who in tokens else []
    return lambda request: method(SERVICE + "/" + name)(request, timeout=20, metadata=metadata, **options)


def label(text):
    return text.encode().ljust(16, b"\0")


def login(who, origin):
    """A request that answers a fresh challenge, signed for an origin."""
    challenge = call("Challenge", who=None)(hub("ChallengeRequest")()).challenge
    named = origin.encode()
    digest = hashlib.blake2b(label("AF1 hub auth") + len(named).to_bytes(2, "little") + named + challenge, digest_size=32).digest()
    signature = Ed25519PrivateKey.from_private_bytes(data(who + "_seed")).sign(label("AF1 sig hub") + digest)
    return hub("LoginRequest")(agent=data(who + "_agent"), device=data(who + "_device"), challenge=challenge, origin=origin, signature=signature)


def code_of(run):
    try:
        run()
    except grpc.RpcError as error:
        return error
    raise AssertionError("The call was not refused.")


def check(what, actual, expected):
    assert actual == expected, f"{what}: {actual!r} instead of {expected!r}"
    print("ok", what)


def reason_of(error):
    bin_ = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = of("google.rpc.Status").FromString(bin_)
    info = of("google.rpc.ErrorInfo")()
    status.details[0].Unpack(info)
    return status.code, info.domain, info.reason


def append(index, number=None):
    request = hub("AppendRequest")(thread=data("thread"), message_id=bytes([9] * 15 + [index]), envelope=base64.b64decode(scenario["envelopes"][index]))
    return request if number is None else hub("AppendStreamRequest")(number=number, append=request)


def opening(credit, resume=()):
    opened = hub("SubscribeRequest")()
    opened.open.agent = data("bob_agent")
    opened.open.credit = credit
    for thread, position in resume:
        opened.open.resume.add(thread=thread, position=position)
    return opened


with grpc.insecure_channel(f"127.0.0.1:{scenario['port']}") as channel:
    health = of("grpc.health.v1.HealthCheckRequest")
    check("health", method("grpc.health.v1.Health/Check")(health(), timeout=20).status, 1)

    for who in ("alice", "bob"):
        call("RegisterAgent")(hub("RegisterAgentRequest")(agent=data(who + "_agent"), identity_log=data(who + "_log"), key_bundle=data(who + "_bundle")))
    nobody = code_of(lambda: call("ResolveName")(hub("ResolveNameRequest")(name="alice")))
    check("nobody", (nobody.code(), reason_of(nobody)), (grpc.StatusCode.UNAUTHENTICATED, (16, "agentflow.hub", "UNAUTHENTICATED")))
    here = f"http://127.0.0.1:{scenario['port']}"
    elsewhere = login("alice", "http://elsewhere.example")
    check("login for another hub", code_of(lambda: call("Login", who=None)(elsewhere)).code(), grpc.StatusCode.UNAUTHENTICATED)
    for who in ("alice", "bob"):
        answer = call("Login", who=None)(login(who, here))
        check("login of " + who, answer.lifetime_millis, 900_000)
        tokens[who] = answer.token
    check("name", call("ResolveName")(hub("ResolveNameRequest")(name="alice")).agent, data("alice_agent"))
    check("log", call("ReadAgent")(hub("ReadAgentRequest")(agent=data("bob_agent"))).identity_log, data("bob_log"))

    create = hub("CreateThreadRequest")(thread=data("thread"), message_id=bytes(16), genesis=data("genesis"))
    check("create", call("CreateThread")(create).position, 1)
    check("create again", call("CreateThread")(create).is_duplicate, True)

    check("append", call("Append")(append(0)).position, 2)
    check("append again", call("Append")(append(0)).is_duplicate, True)
    check("append compressed", call("Append", compression=grpc.Compression.Gzip)(append(1)).position, 3)

    broken = append(3, number=12)
    broken.append.envelope = broken.append.envelope[:-1]
    answers = {answer.number: answer for answer in call("AppendStream")(iter([append(2, number=11), broken, append(3, number=13)]))}
    check("stream", (answers[11].appended.position, answers[13].appended.position), (4, 5))
    check("stream refusal", hub("AppendStreamResponse").DESCRIPTOR.fields_by_name["refusal"].enum_type.values_by_number[answers[12].refusal].name, "INVALID")

    unknown = append(0)
    unknown.thread = bytes(32)
    error = code_of(lambda: call("Append")(unknown))
    check("refusal", (error.code(), reason_of(error)), (grpc.StatusCode.NOT_FOUND, (5, "agentflow.hub", "NOT_FOUND")))
    check("message", error.details(), "The thread, agent, name or blob is not known.")
    short = append(0)
    short.thread = b"short"
    check("bad id", code_of(lambda: call("Append")(short)).code(), grpc.StatusCode.INVALID_ARGUMENT)
    missing = channel.unary_unary("/agentflow.hub.v1.Hub/Missing")
    check("no method", code_of(lambda: missing(b"", timeout=20)).code(), grpc.StatusCode.UNIMPLEMENTED)
    check("too large", code_of(lambda: call("ResolveName")(hub("ResolveNameRequest")(name="x" * (5 << 20)))).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    page = call("ReadThread", compression=grpc.Compression.Gzip)(hub("ReadThreadRequest")(thread=data("thread"), max_count=100, max_bytes=1 << 20))
    check("read", [envelope.position for envelope in page.envelopes], [1, 2, 3, 4, 5])
    check("bytes", page.envelopes[1].envelope, base64.b64decode(scenario["envelopes"][0]))

    check("credit", [one.envelope.position for one in call("Subscribe", "bob")(iter([opening(2)]))], [1, 2])
    granting = hub("SubscribeRequest")()
    granting.grant.credit = 2
    check("granted", [one.envelope.position for one in call("Subscribe", "bob")(iter([opening(2), granting]))], [1, 2, 3, 4])
    check("resumed", [one.envelope.position for one in call("Subscribe", "bob")(iter([opening(1, [(data("thread"), 3)])]))], [4])
    granting.grant.credit = 10_000
    overrun = call("Subscribe", "bob")
    check("too much credit", code_of(lambda: list(overrun(iter([opening(10_000), granting])))).code(), grpc.StatusCode.INVALID_ARGUMENT)

    watch = method("grpc.health.v1.Health/Watch")
    check("deadline", code_of(lambda: list(watch(health(), timeout=0.3))).code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    call("Acknowledge", "bob")(hub("AcknowledgeRequest")(agent=data("bob_agent"), thread=data("thread"), up_to_position=4))
    row = call("ListInbox", "bob")(hub("ListInboxRequest")(agent=data("bob_agent"), max_count=10)).rows[0]
    check("inbox", (row.thread, row.acknowledged), (data("thread"), 4))
    lease = hub("AcquireLeaseRequest")(agent=data("bob_agent"), thread=data("thread"), owner=bytes([1] * 16), duration_millis=60_000)
    check("lease", call("AcquireLease", "bob")(lease).is_held, True)
    lease.owner = bytes([2] * 16)
    check("lease of another", (call("AcquireLease", "bob")(lease).is_held, call("AcquireLease", "bob")(lease).owner), (False, bytes([1] * 16)))

    denied = code_of(lambda: call("ListInbox", "alice")(hub("ListInboxRequest")(agent=data("bob_agent"), max_count=10)))
    check("inbox of another", (denied.code(), reason_of(denied)), (grpc.StatusCode.PERMISSION_DENIED, (7, "agentflow.hub", "DENIED")))

    blob = data("blob")
    chunks = [hub("PutBlobRequest")(id=data("blob_id"), size=len(blob), chunk=blob[:1000]), hub("PutBlobRequest")(chunk=blob[1000:])]
    call("PutBlob")(iter(chunks))
    parts = list(call("GetBlob")(hub("GetBlobRequest")(id=data("blob_id"))))
    check("blob", (parts[0].size, b"".join(part.chunk for part in parts)), (len(blob), blob))

    for version in ("v1", "v1alpha"):
        ask = of(f"grpc.reflection.{version}.ServerReflectionRequest")
        reflect = method(f"grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")
        listed, found, none = reflect(iter([ask(list_services=""), ask(file_containing_symbol=SERVICE + ".Append"), ask(file_containing_symbol="no.such")]), timeout=20)
        check(version + " services", SERVICE in [service.name for service in listed.list_services_response.service], True)
        file = descriptor_pb2.FileDescriptorProto.FromString(found.file_descriptor_response.file_descriptor_proto[0])
        check(version + " file", (file.name, none.error_response.error_code), ("hub.proto", 5))
print("all")
