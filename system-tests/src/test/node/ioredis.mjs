// Talks to the server on the port given as ioredis does by default, and prints what it saw as one
// line of JSON.
import { Redis } from 'ioredis';

const redis = new Redis({ port: Number(process.argv[2]), lazyConnect: true });
await redis.connect();
const seen = {};
seen.ping = await redis.ping();
seen.set = await redis.set('ioredis:a', 'red');
seen.get = await redis.get('ioredis:a');
seen.missing = await redis.get('ioredis:none');
seen.mset = await redis.mset({ 'ioredis:b': '1', 'ioredis:c': '2' });
seen.incr = await redis.incr('ioredis:b');
seen.expire = await redis.expire('ioredis:c', 1000);
seen.ttl = (await redis.ttl('ioredis:c')) > 990;
seen.binary = await redis
  .set(Buffer.from([0, 13, 10, 255]), Buffer.from([1, 0, 2]))
  .then(() => redis.getBuffer(Buffer.from([0, 13, 10, 255])))
  .then((value) => [...value]);
const pipeline = redis.pipeline();
for (let i = 0; i < 100; i++) pipeline.set(`ioredis:p${i}`, i).get(`ioredis:p${i}`);
const answers = await pipeline.exec();
seen.pipeline = answers.every(([error, value], i) =>
  i % 2 === 0 ? error === null && value === 'OK' : value === String((i - 1) / 2),
);
seen.type = await redis.type('ioredis:a');
seen.error = await redis
  .call('NOSUCHCOMMAND')
  .then(() => 'none')
  .catch((failure) => failure.message.split(' ').slice(0, 3).join(' '));
seen.wrongNumber = await redis.incr('ioredis:a').catch((failure) => failure.message);
let keys = [];
for await (const page of redis.scanStream({ match: 'ioredis:p*', count: 10 })) keys.push(...page);
seen.scanned = new Set(keys).size;
seen.del = await redis.del('ioredis:a', 'ioredis:none');
seen.quit = await redis.quit();
console.log(JSON.stringify(seen));
