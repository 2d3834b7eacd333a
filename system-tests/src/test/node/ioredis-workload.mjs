// An ordinary day of ioredis on the server at the port given: collections, MULTI, blocking pops,
// messages, streams with a group. Prints what it saw as one line of JSON.
import { Redis } from 'ioredis';

const port = Number(process.argv[2]);
const redis = new Redis({ port });
const seen = {};

await redis.hset('io:user', { name: 'Ada', visits: 1 });
await redis.hincrby('io:user', 'visits', 41);
seen.hash = await redis.hgetall('io:user');
await redis.rpush('io:jobs', 'a', 'b', 'c', 'd');
seen.list = await redis.lrange('io:jobs', 1, -1);
seen.moved = await redis.lmove('io:jobs', 'io:done', 'LEFT', 'RIGHT');
await redis.sadd('io:red', 'rose', 'cherry');
await redis.sadd('io:fruit', 'cherry', 'lemon');
seen.both = await redis.sinter('io:red', 'io:fruit');
await redis.zadd('io:board', 10, 'ann', 30, 'bob', 20, 'cid');
seen.board = await redis.zrange('io:board', 0, -1, 'REV', 'WITHSCORES');
seen.rank = await redis.zrevrank('io:board', 'cid');
await redis.setbit('io:bits', 7, 1);
seen.bits = await redis.bitcount('io:bits');
await redis.pfadd('io:guests', 'x', 'y', 'x');
seen.guests = await redis.pfcount('io:guests');
await redis.geoadd('io:places', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania');
seen.near = await redis.geosearch('io:places', 'FROMMEMBER', 'Catania', 'BYRADIUS', 200, 'km', 'ASC');

const outcome = await redis.multi().set('io:a', '1').incr('io:a').lpush('io:a', 'x').get('io:a').exec();
seen.multi = outcome.map(([error, value]) => (error ? error.message.split(' ')[0] : value));
await redis.watch('io:a');
const other = redis.duplicate();
await other.set('io:a', '9');
seen.watched = await redis.multi().set('io:a', '10').exec();

const popped = other.blpop('io:later', 20);
setTimeout(() => redis.rpush('io:later', 'here'), 100);
seen.popped = await popped;
seen.nothing = await other.bzpopmin('io:never', 0.1);

const listener = redis.duplicate();
const heard = new Promise((resolve) => listener.on('pmessage', (...words) => resolve(words)));
await listener.psubscribe('io:news:*');
await redis.publish('io:news:sport', 'goal');
seen.heard = await heard;

for (let i = 0; i < 5; i++) await redis.xadd('io:log', `1-${i + 1}`, 'n', i);
await redis.xgroup('CREATE', 'io:log', 'readers', '0');
const [[, entries]] = await redis.xreadgroup('GROUP', 'readers', 'me', 'COUNT', 3, 'STREAMS', 'io:log', '>');
seen.entries = entries;
seen.acked = await redis.xack('io:log', 'readers', '1-1', '1-2');
seen.pending = (await redis.xpending('io:log', 'readers'))[0];
const blocked = other.xread('BLOCK', 20000, 'STREAMS', 'io:log', '$');
setTimeout(() => redis.xadd('io:log', '2-1', 'n', 'late'), 100);
seen.late = await blocked;

const names = Array.from({ length: 5000 }, (_, i) => `member:${i}`);
await redis.sadd('io:many', ...names);
seen.many = new Set(await redis.smembers('io:many')).size;
let scanned = [];
for await (const page of redis.sscanStream('io:many', { count: 500 })) scanned.push(...page);
seen.scanned = new Set(scanned).size;
const auto = new Redis({ port, enableAutoPipelining: true });
const together = await Promise.all(names.slice(0, 500).map((name) => auto.sismember('io:many', name)));
seen.auto = together.every((answer) => answer === 1);
await Promise.all([redis, other, listener, auto].map((each) => each.quit()));
console.log(JSON.stringify(seen));
