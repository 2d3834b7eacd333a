// An ordinary day of node-redis on the server at the port given, in the protocol version given.
// Prints what it saw as one line of JSON.
import { createClient } from 'redis';

const [port, version] = process.argv.slice(2).map(Number);
const client = createClient({ socket: { port }, RESP: version, database: version });
client.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
await client.connect();
const seen = {};

seen.set = await client.set('nr:a', 'red', { EX: 100, NX: true });
seen.again = await client.set('nr:a', 'blue', { NX: true });
seen.get = await client.get('nr:a');
seen.many = await client.mGet(['nr:a', 'nr:none']);
await client.hSet('nr:user', { name: 'Ada', visits: '1' });
await client.hIncrBy('nr:user', 'visits', 41);
seen.hash = { ...(await client.hGetAll('nr:user')) };
await client.rPush('nr:jobs', ['a', 'b', 'c']);
seen.list = await client.lRange('nr:jobs', 0, -1);
await client.sAdd('nr:tags', ['x', 'y']);
seen.member = Boolean(await client.sIsMember('nr:tags', 'x'));
await client.zAdd('nr:board', [
  { value: 'ann', score: 1.5 },
  { value: 'bob', score: 3 },
]);
seen.board = await client.zRangeWithScores('nr:board', 0, -1);
seen.missing = await client.zScore('nr:board', 'nobody');
await client.geoAdd('nr:places', { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' });
seen.near = await client.geoSearch('nr:places', { longitude: 13, latitude: 38 }, { radius: 100, unit: 'km' });

seen.multi = await client.multi().set('nr:n', '1').incr('nr:n').get('nr:n').exec();
const other = client.duplicate();
await other.connect();
await client.watch('nr:n');
await other.set('nr:n', '5');
seen.watched = await client
  .multi()
  .set('nr:n', '6')
  .exec()
  .then(() => 'done')
  .catch((error) => error.constructor.name);

const popped = other.blPop('nr:later', 20);
setTimeout(() => client.rPush('nr:later', 'here'), 100);
seen.popped = await popped;

const listener = client.duplicate();
await listener.connect();
const heard = new Promise((resolve) => {
  listener.subscribe('nr:news', (message, channel) => resolve([channel, message])).then(() => client.publish('nr:news', 'goal'));
});
seen.heard = await heard;
const matched = new Promise((resolve) => {
  listener.pSubscribe('nr:w?rld', (message, channel) => resolve([channel, message])).then(() => client.publish('nr:world', 'hello'));
});
seen.matched = await matched;

for (let i = 1; i <= 5; i++) await client.xAdd('nr:log', `1-${i}`, { n: String(i) });
await client.xGroupCreate('nr:log', 'readers', '0');
const read = await client.xReadGroup('readers', 'me', [{ key: 'nr:log', id: '>' }], { COUNT: 2 });
seen.read = JSON.stringify(read).includes('1-2');
seen.acked = await client.xAck('nr:log', 'readers', ['1-1']);
seen.pending = (await client.xPending('nr:log', 'readers')).pending;
seen.range = (await client.xRange('nr:log', '-', '+')).map((entry) => entry.id);

const names = Array.from({ length: 5000 }, (_, i) => `member:${i}`);
await client.sAdd('nr:many', names);
const members = await client.sMembers('nr:many');
seen.members = new Set(members).size;
let scanned = 0;
for await (const page of client.scanIterator({ MATCH: 'nr:*', COUNT: 100 })) scanned += Array.isArray(page) ? page.length : 1;
seen.scanned = scanned;
seen.info = (await client.info('server')).includes('redis_version:7.0');
seen.error = await client.incr('nr:a').catch((error) => error.message);
for (const each of [client, other, listener]) await each.close();
console.log(JSON.stringify(seen));
