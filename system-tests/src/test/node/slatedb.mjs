// The real SlateDB as a child process: one JSON request a line in, one JSON answer a line out.
// Bytes travel as base64. The process ends with its stdin.
import { createInterface } from 'node:readline';
import {
  DbBuilder,
  DbReaderBuilder,
  FlushType,
  IsolationLevel,
  IterationOrder,
  ObjectStore,
  Settings,
  SstBlockSize,
  Ttl,
  WriteBatch,
} from '@slatedb/uniffi';

const SCAN_DEFAULTS = {
  durability_filter: 'Memory',
  dirty: false,
  read_ahead_bytes: 1 << 20,
  cache_blocks: true,
  max_fetch_tasks: 4,
};
const EVERYTHING = {
  start: undefined,
  start_inclusive: true,
  end: undefined,
  end_inclusive: false,
};
const concatenate = {
  merge: (key, existing, operand) =>
    new Uint8Array(Buffer.concat([Buffer.from(existing ?? []), Buffer.from(operand)])),
};

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const text = (value) => Buffer.from(value).toString('base64');

// What is open, by its number: one process can hold a database and readers beside it.
const opened = new Map();
const at = ({ handle = 0 }) => opened.get(handle);

const instant = (millis) => (millis === undefined ? undefined : Number(millis));

async function open({ handle = 0, url, path, settings = {}, blockSize }) {
  const builder = new DbBuilder(path, ObjectStore.resolve(url));
  const chosen = Settings.default();
  for (const [name, value] of Object.entries(settings)) chosen.set(name, JSON.stringify(value));
  builder.with_settings(chosen);
  builder.with_merge_operator(concatenate);
  if (blockSize) builder.with_sst_block_size(SstBlockSize[blockSize]);
  opened.set(handle, await builder.build());
}

async function openReader({ handle = 0, url, path, checkpoint }) {
  const builder = new DbReaderBuilder(path, ObjectStore.resolve(url));
  builder.with_merge_operator(concatenate);
  if (checkpoint) builder.with_checkpoint_id(checkpoint);
  opened.set(handle, await builder.build());
}

// Reads a whole database, which is opened to look at and closed again.
async function readWhole({ url, path }) {
  const handle = -1;
  await openReader({ handle, url, path });
  try {
    return await scan({ handle });
  } finally {
    await at({ handle }).shutdown();
    opened.delete(handle);
  }
}

function timeToLive([, , , after, until]) {
  if (until) return Ttl.ExpireAt(until);
  return after ? Ttl.ExpireAfterTicks(after) : Ttl.Default();
}

// Rows of a batch, or of a transaction: both have the same verbs.
async function add(target, rows) {
  for (const row of rows) {
    const [kind, key, value] = row;
    const ttl = timeToLive(row);
    if (kind === 'put') await target.put_with_options(bytes(key), bytes(value), { ttl });
    else if (kind === 'merge') await target.merge_with_options(bytes(key), bytes(value), { ttl });
    else if (kind === 'delete') await target.delete(bytes(key));
    else throw new Error(`unknown kind of row: ${kind}`);
  }
}

async function write({ rows, durable = false, ...request }) {
  const batch = new WriteBatch();
  await add(batch, rows);
  const handle = await at(request).write_with_options(batch, { await_durable: durable });
  return Number(handle.seqnum);
}

// Reads, writes, reads, and then commits or goes back. `between` is committed by somebody else
// meanwhile. Answers with both readings and whether it was refused.
async function transact({ isolation, keys, rows, end, between = [], ...request }) {
  const db = at(request);
  const transaction = await db.begin(IsolationLevel[isolation]);
  const before = await values(transaction, keys);
  await add(transaction, rows);
  if (between.length) await write({ ...request, rows: between });
  const after = await values(transaction, keys);
  let refused = false;
  try {
    if (end === 'commit') await transaction.commit_with_options({ await_durable: false });
    else await transaction.rollback();
  } catch (failure) {
    if (failure.tag !== 'Transaction') throw failure;
    refused = true;
  }
  return { before, after, refused };
}

async function scan({ descending = false, prefix, start, end, ...request }) {
  const order = descending ? IterationOrder.Descending : IterationOrder.Ascending;
  const options = { ...SCAN_DEFAULTS, order };
  const range = { ...EVERYTHING, start: start && bytes(start), end: end && bytes(end) };
  const rows = prefix
    ? await at(request).scan_prefix_with_options(bytes(prefix), options)
    : await at(request).scan_with_options(range, options);
  const found = [];
  for (let row = await rows.next(); row; row = await rows.next())
    found.push([text(row.key), text(row.value)]);
  return found;
}

async function values(source, keys) {
  const found = [];
  for (const key of keys) {
    const value = await source.get(bytes(key));
    found.push(value === undefined ? null : text(value));
  }
  return found;
}

async function rows({ keys, ...request }) {
  const found = [];
  for (const key of keys) {
    const row = await at(request).get_key_value(bytes(key));
    found.push(
      row === undefined
        ? null
        : { value: text(row.value), seq: Number(row.seq), expiry: instant(row.expire_ts) ?? null },
    );
  }
  return found;
}

const operations = {
  open,
  openReader,
  readWhole,
  write,
  transact,
  scan,
  rows,
  get: (request) => values(at(request), request.keys),
  flush: ({ table, ...request }) =>
    at(request).flush_with_options({ flush_type: table ? FlushType.MemTable : FlushType.Wal }),
  close: (request) => at(request).shutdown(),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await operations[request.op](request)) ?? null };
  } catch (failure) {
    answer = { error: `${failure.tag ?? failure.name}: ${failure.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0);
