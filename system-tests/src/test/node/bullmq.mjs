// An ordinary day of BullMQ on the server at the port given: jobs that are done, that wait, that come
// again, that fail and are tried again, that wait for others, that are lost by a worker; by rank, at a
// rate, once. Prints what it saw as one line of JSON.
import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';

const connection = { host: '127.0.0.1', port: Number(process.argv[2]), maxRetriesPerRequest: null };
const seen = {};
const queues = new Map();
const queueOf = (name) => {
  if (!queues.has(name)) queues.set(name, new Queue(name, { connection }));
  return queues.get(name);
};
const queue = queueOf('work');
const events = new QueueEvents('work', { connection });
queue.setMaxListeners(0); // many jobs are waited for at once
events.setMaxListeners(0);
await events.waitUntilReady();
const ends = new Map();
const ended = (name) => new Promise((resolve) => ends.set(name, resolve));
const attempts = {};
const worker = new Worker(
  'work',
  async (job) => {
    attempts[job.name] = (attempts[job.name] ?? 0) + 1;
    if (job.name === 'flaky' && attempts.flaky < 3) throw new Error('not yet');
    if (job.name === 'hopeless') throw new Error('never');
    await job.updateProgress(50);
    if (job.name === 'parent') return Object.values(await job.getChildrenValues()).sort();
    return job.data.value ?? job.name;
  },
  { connection, concurrency: 5 },
);
worker.on('completed', (job, result) => ends.get(job.name)?.(result));
worker.on('failed', (job, error) => {
  if (job.attemptsMade >= (job.opts.attempts ?? 1)) ends.get(job.name)?.(error.message);
});
await worker.waitUntilReady();
seen.workers = (await queue.getWorkers()).length;

async function one() {
  const plain = await queue.add('plain', { value: 'done' });
  seen.plain = await plain.waitUntilFinished(events, 60000);
  await plain.log('a line');
  seen.logs = (await queue.getJobLogs(plain.id)).logs;
  const before = Date.now();
  const late = ended('late');
  await queue.add('late', { value: 'at last' }, { delay: 500 });
  seen.late = await late;
  seen.isLate = Date.now() - before >= 490;
}

async function again() {
  const flaky = ended('flaky');
  const backoff = { type: 'fixed', delay: 50 };
  await queue.add('flaky', { value: 'third time' }, { attempts: 3, backoff });
  seen.flaky = await flaky;
  seen.attempts = attempts.flaky;
  const hopeless = ended('hopeless');
  const lost = await queue.add('hopeless', {}, { attempts: 2 });
  seen.hopeless = await hopeless;
  const failed = await queue.getFailed();
  seen.failed = failed.map((job) => [job.name, job.failedReason, job.attemptsMade]);
  const oncemore = ended('hopeless');
  await queue.retryJobs({ state: 'failed' });
  seen.oncemore = await oncemore;
  seen.state = await lost.getState();
}

async function repeated() {
  let ticks = 0;
  const ticked = new Promise((resolve) =>
    worker.on('completed', (job) => job.name === 'tick' && ++ticks === 3 && resolve()),
  );
  await queue.upsertJobScheduler('clock', { every: 200 }, { name: 'tick', data: {} });
  await ticked;
  seen.schedulers = (await queue.getJobSchedulers()).map((scheduler) => scheduler.key);
  seen.removed = await queue.removeJobScheduler('clock');
}

async function family() {
  const flow = new FlowProducer({ connection });
  const parent = ended('parent');
  await flow.add({
    name: 'parent',
    queueName: 'work',
    children: [1, 2].map((i) => ({ name: 'child', queueName: 'work', data: { value: `part ${i}` } })),
  });
  seen.parent = await parent;
  await flow.close();
}

async function many() {
  const opts = (i) => ({ priority: 1 + (i % 3) });
  const bulk = await queue.addBulk(
    Array.from({ length: 200 }, (_, i) => ({ name: 'bulk', data: { value: i }, opts: opts(i) })),
  );
  const values = await Promise.all(bulk.map((job) => job.waitUntilFinished(events, 60000)));
  seen.bulk = values.reduce((sum, value) => sum + value, 0);
}

// One worker, one job at a time: the order shows.
async function byRank() {
  const ranked = queueOf('ranked');
  await ranked.pause();
  for (const [name, priority] of [['low', 10], ['mid', 5], ['high', 1], ['first', 0]])
    await ranked.add(name, {}, { priority });
  await ranked.add('last', {}, { priority: 10 });
  seen.prioritized = await ranked.getPrioritizedCount();
  seen.order = [];
  const done = new Promise((resolve) => {
    const single = new Worker('ranked', async (job) => seen.order.push(job.name), { connection });
    single.on('completed', () => seen.order.length === 5 && resolve(single));
  });
  await ranked.resume();
  await (await done).close();
}

async function atARate() {
  const limited = queueOf('limited');
  const started = Date.now();
  await limited.addBulk(Array.from({ length: 9 }, () => ({ name: 'limited', data: {} })));
  let count = 0;
  const slow = new Worker('limited', async () => {}, {
    connection,
    concurrency: 9,
    limiter: { max: 3, duration: 300 },
  });
  await new Promise((resolve) => slow.on('completed', () => ++count === 9 && resolve()));
  seen.limited = Date.now() - started >= 590;
  await slow.close();
}

// A worker takes a job and is never heard of again: another one finds out and does it.
async function stalled() {
  const stalling = queueOf('stalling');
  await stalling.add('left', {});
  const gone = new Worker('stalling', null, { connection, lockDuration: 300 });
  seen.taken = (await gone.getNextJob('token')).name;
  const finder = new Worker('stalling', async (job) => job.name, {
    connection,
    stalledInterval: 200,
    maxStalledCount: 2,
  });
  const found = new Promise((resolve) => finder.on('stalled', resolve));
  const done = new Promise((resolve) => finder.on('completed', (_, result) => resolve(result)));
  await found;
  seen.stalled = await done;
  await finder.close();
  await gone.close(true);
}

async function once() {
  const opts = { deduplication: { id: 'same', ttl: 60000 } };
  const twins = queueOf('twins');
  const [first, second] = [await twins.add('twin', {}, opts), await twins.add('twin', {}, opts)];
  seen.same = first.id === second.id;
  seen.twins = await twins.count();
}

// A close waits for the job that is being done.
async function inOrder() {
  const closing = queueOf('closing');
  let begun;
  let mayEnd;
  const hasBegun = new Promise((resolve) => (begun = resolve));
  const end = new Promise((resolve) => (mayEnd = resolve));
  const last = new Worker('closing', async () => (begun(), end), { connection });
  const job = await closing.add('last', {});
  await hasBegun;
  const closed = last.close();
  seen.active = await job.getState();
  mayEnd('whole');
  await closed;
  seen.closed = await job.getState();
}

await Promise.all([one(), byRank(), atARate(), stalled(), once(), inOrder()]);
await again();
await repeated();
await family();
await many();
await queue.pause();
await queue.add('paused', {});
seen.waiting = await queue.getJobCountByTypes('paused', 'waiting');
await queue.resume();
await queue.drain();
await worker.close();
seen.counts = await queue.getJobCounts('failed', 'active');
for (const each of queues.values()) {
  await each.obliterate({ force: true });
  await each.close();
}
await events.close();
console.log(JSON.stringify(seen));
process.exit(0);
