// A stock gRPC client, @grpc/grpc-js, against the hub. Usage: node hub_client.js SCENARIO.json; ends with 0 where everything was as it should be.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const blake2b256 = require('./blake2b.js');

const scenario = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const modules = (name) => require(require.resolve(name, { paths: [scenario.modules] }));
const grpc = modules('@grpc/grpc-js');
const loader = modules('@grpc/proto-loader');
const protobuf = modules('protobufjs');

const files = ['hub.proto', 'grpc/health/v1/health.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'];
const definition = loader.loadSync(files, { includeDirs: [scenario.protos], keepCase: true, longs: Number, enums: String, defaults: true });
const loaded = grpc.loadPackageDefinition(definition);
const root = new protobuf.Root();
root.resolvePath = (_, target) => path.join(scenario.protos, target);
root.loadSync(files, { keepCase: true });

const address = `127.0.0.1:${scenario.port}`;
const hub = new loaded.agentflow.hub.v1.Hub(address, grpc.credentials.createInsecure());
const zipping = new loaded.agentflow.hub.v1.Hub(address, grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });
const health = new loaded.grpc.health.v1.Health(address, grpc.credentials.createInsecure());

const data = (name) => Buffer.from(scenario[name], 'base64');
const deadline = () => ({ deadline: Date.now() + 20000 });
const tokens = {};
const as = (who) => {
  const metadata = new grpc.Metadata();
  if (tokens[who]) metadata.set('authorization', `Bearer ${tokens[who]}`);
  return metadata;
};
const unary = (client, method, request, who = 'alice') =>
  new Promise((resolve, reject) => client[method](request, as(who), deadline(), (error, response) => (error ? reject(error) : resolve(response))));
const refused = (promise) => promise.then(() => assert.fail('The call was not refused.'), (error) => error);
const all = (stream) => new Promise((resolve, reject) => {
  const seen = [];
  stream.on('data', (one) => seen.push(one)).on('end', () => resolve(seen)).on('error', reject);
});
const check = (what, actual, expected) => { assert.deepStrictEqual(actual, expected, what); console.log('ok', what); };
const append = (index) => ({ thread: data('thread'), message_id: Buffer.alloc(16, index + 1), envelope: Buffer.from(scenario.envelopes[index], 'base64') });

function reasonOf(error) {
  const status = root.lookupType('google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0]);
  const info = root.lookupType('google.rpc.ErrorInfo').decode(status.details[0].value);
  return [status.code, info.domain, info.reason];
}

const label = (text) => Buffer.concat([Buffer.from(text), Buffer.alloc(16 - text.length)]);

// A request that answers a fresh challenge, signed for an origin.
async function login(who, origin) {
  const { challenge } = await unary(hub, 'Challenge', {}, null);
  const named = Buffer.from(origin);
  const digest = blake2b256(Buffer.concat([label('AF1 hub auth'), Buffer.from([named.length & 255, named.length >> 8]), named, challenge]));
  const key = crypto.createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), data(`${who}_seed`)]), format: 'der', type: 'pkcs8' });
  const signature = crypto.sign(null, Buffer.concat([label('AF1 sig hub'), digest]), key);
  return { agent: data(`${who}_agent`), device: data(`${who}_device`), challenge, origin, signature };
}

function subscribe(messages) {
  const stream = hub.Subscribe(as('bob'), deadline());
  const seen = all(stream).then((deliveries) => deliveries.map((one) => one.envelope.position));
  messages.forEach((message) => stream.write(message));
  stream.end();
  return seen;
}

async function run() {
  check('health', (await unary(health, 'Check', {})).status, 'SERVING');
  for (const who of ['alice', 'bob'])
    await unary(hub, 'RegisterAgent', { agent: data(`${who}_agent`), identity_log: data(`${who}_log`), key_bundle: data(`${who}_bundle`) });
  const nobody = await refused(unary(hub, 'ResolveName', { name: 'bob' }));
  check('nobody', [nobody.code, ...reasonOf(nobody)], [grpc.status.UNAUTHENTICATED, 16, 'agentflow.hub', 'UNAUTHENTICATED']);
  check('login for another hub', (await refused(login('alice', 'http://elsewhere.example').then((request) => unary(hub, 'Login', request, null)))).code, grpc.status.UNAUTHENTICATED);
  for (const who of ['alice', 'bob'])
    tokens[who] = (await unary(hub, 'Login', await login(who, `http://${address}`), null)).token;
  const denied = await refused(unary(hub, 'ListInbox', { agent: data('bob_agent'), max_count: 10 }));
  check('inbox of another', [denied.code, ...reasonOf(denied)], [grpc.status.PERMISSION_DENIED, 7, 'agentflow.hub', 'DENIED']);
  check('name', (await unary(hub, 'ResolveName', { name: 'bob' })).agent, data('bob_agent'));
  check('create', (await unary(hub, 'CreateThread', { thread: data('thread'), message_id: Buffer.alloc(16), genesis: data('genesis') })).position, 1);
  check('append', (await unary(hub, 'Append', append(0))).position, 2);
  check('append again', (await unary(hub, 'Append', append(0))).is_duplicate, true);
  check('append compressed', (await unary(zipping, 'Append', append(1))).position, 3);

  const stream = hub.AppendStream(as('alice'), deadline());
  const answers = all(stream);
  stream.write({ number: 7, append: append(2) });
  stream.write({ number: 8, append: append(3) });
  stream.write({ number: 9, append: { ...append(3), envelope: Buffer.alloc(300) } });
  stream.end();
  const byNumber = Object.fromEntries((await answers).map((answer) => [answer.number, answer]));
  check('stream', [byNumber[7].appended.position, byNumber[8].appended.position], [4, 5]);
  check('stream refusal', byNumber[9].refusal, 'ID_CONFLICT');

  const unknown = await refused(unary(hub, 'Append', { ...append(0), thread: Buffer.alloc(32) }));
  check('refusal', [unknown.code, ...reasonOf(unknown)], [grpc.status.NOT_FOUND, 5, 'agentflow.hub', 'NOT_FOUND']);
  check('message', unknown.details, 'The thread, agent, name or blob is not known.');
  check('bad id', (await refused(unary(hub, 'Append', { ...append(0), thread: Buffer.from('short') }))).code, grpc.status.INVALID_ARGUMENT);
  const page = await unary(zipping, 'ReadThread', { thread: data('thread'), max_count: 100, max_bytes: 1 << 20 });
  check('read', page.envelopes.map((one) => one.position), [1, 2, 3, 4, 5]);

  const open = (credit, resume = []) => ({ open: { agent: data('bob_agent'), credit, resume } });
  check('credit', await subscribe([open(2)]), [1, 2]);
  check('granted', await subscribe([open(2), { grant: { credit: 2 } }]), [1, 2, 3, 4]);
  check('resumed', await subscribe([open(1, [{ thread: data('thread'), position: 3 }])]), [4]);
  check('too much credit', (await refused(subscribe([open(10000), { grant: { credit: 10000 } }]))).code, grpc.status.INVALID_ARGUMENT);

  const late = await refused(all(health.Watch({}, { deadline: Date.now() + 300 })));
  check('deadline', late.code, grpc.status.DEADLINE_EXCEEDED);
  const cancelled = hub.Subscribe(as('bob'), deadline());
  cancelled.write(open(100));
  const ended = refused(all(cancelled));
  await new Promise((resolve) => cancelled.once('data', resolve));
  cancelled.cancel();
  check('cancelled', (await ended).code, grpc.status.CANCELLED);

  const blob = data('blob');
  await new Promise((resolve, reject) => {
    const put = hub.PutBlob(as('alice'), deadline(), (error) => (error ? reject(error) : resolve()));
    put.write({ id: data('blob_id'), size: blob.length, chunk: blob.subarray(0, 1000) });
    put.write({ chunk: blob.subarray(1000) });
    put.end();
  });
  const parts = await all(hub.GetBlob({ id: data('blob_id') }, as('alice'), deadline()));
  check('blob', Buffer.concat(parts.map((part) => part.chunk)), blob);
  console.log('all');
}

run().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
