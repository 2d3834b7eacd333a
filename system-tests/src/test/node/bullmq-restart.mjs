// BullMQ through a stop and a start of the server at the port given: adds jobs until the key `finish`
// is set, does them, and tells what became of those whose adding was acknowledged.
import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const connection = { host: '127.0.0.1', port: Number(process.argv[2]), maxRetriesPerRequest: null };
const plain = new Redis(connection);
const queue = new Queue('work', { connection });
const events = new QueueEvents('work', { connection });
const done = new Map();
let ticks = 0;
const worker = new Worker(
  'work',
  async (job) => {
    if (job.name === 'tick') ticks++;
    else done.set(job.id, (done.get(job.id) ?? 0) + 1);
  },
  { connection, concurrency: 4 },
);
const heard = new Set();
events.on('completed', ({ jobId }) => heard.add(jobId));
const troubles = new Map();
for (const each of [plain, queue, events, worker])
  each.on('error', (error) => troubles.set(error.message, (troubles.get(error.message) ?? 0) + 1));

await queue.upsertJobScheduler('clock', { every: 200 }, { name: 'tick', data: {} });
const acknowledged = new Set();
const rejected = [];
while ((await plain.get('finish')) === null) {
  try {
    const delay = acknowledged.size % 5 === 0 ? 1000 : 0;
    acknowledged.add((await queue.add('job', {}, { delay })).id);
  } catch (error) {
    rejected.push(error.message);
  }
}
const ticksBefore = ticks;
const giveUp = Date.now() + 60000;
const isOver = () => [...acknowledged].every((id) => done.has(id) && heard.has(id)) && ticks > ticksBefore;
while (!isOver() && Date.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, 50));
const seen = {
  enough: acknowledged.size > 50,
  lost: [...acknowledged].filter((id) => !done.has(id)).length,
  unheard: [...acknowledged].filter((id) => !heard.has(id)).length,
  twice: [...done.values()].filter((times) => times > 1).length,
  unasked: [...done.keys()].filter((id) => !acknowledged.has(id)).length - rejected.length,
  ticks: ticks > ticksBefore,
};
await queue.removeJobScheduler('clock');
await Promise.all([worker.close(), events.close()]);
await queue.close();
await plain.quit();
console.log(JSON.stringify(seen));
console.error(JSON.stringify({ troubles: Object.fromEntries(troubles), rejected, jobs: acknowledged.size }));
process.exit(0);
