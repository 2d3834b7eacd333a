// The real SlateDB as a child process: one JSON request a line in, one JSON answer a line out.
// Bytes travel as base64. The process ends with its stdin.
import { createInterface } from 'node:readline';
import {
  DbBuilder,
  DbReaderBuilder,
  FlushType,
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

let db;

async function open({ url, path, settings = {}, blockSize }) {
  const builder = new DbBuilder(path, ObjectStore.resolve(url));
  const chosen = Settings.default();
  for (const [name, value] of Object.entries(settings)) chosen.set(name, JSON.stringify(value));
  builder.with_settings(chosen);
  builder.with_merge_operator(concatenate);
  if (blockSize) builder.with_sst_block_size(SstBlockSize[blockSize]);
  db = await builder.build();
}

async function openReader({ url, path }) {
  const builder = new DbReaderBuilder(path, ObjectStore.resolve(url));
  builder.with_merge_operator(concatenate);
  db = await builder.build();
}

async function write({ rows, durable = false }) {
  const batch = new WriteBatch();
  for (const [kind, key, value, ttl] of rows) {
    if (kind === 'put' && ttl)
      batch.put_with_options(bytes(key), bytes(value), { ttl: Ttl.ExpireAfterTicks(ttl) });
    else if (kind === 'put') batch.put(bytes(key), bytes(value));
    else if (kind === 'merge') batch.merge(bytes(key), bytes(value));
    else if (kind === 'delete') batch.delete(bytes(key));
    else throw new Error(`unknown kind of row: ${kind}`);
  }
  const handle = await db.write_with_options(batch, { await_durable: durable });
  return Number(handle.seqnum);
}

async function scan({ descending = false }) {
  const order = descending ? IterationOrder.Descending : IterationOrder.Ascending;
  const rows = await db.scan_with_options(EVERYTHING, { ...SCAN_DEFAULTS, order });
  const found = [];
  for (let row = await rows.next(); row; row = await rows.next())
    found.push([text(row.key), text(row.value)]);
  return found;
}

async function get({ keys }) {
  const found = [];
  for (const key of keys) {
    const value = await db.get(bytes(key));
    found.push(value === undefined ? null : text(value));
  }
  return found;
}

const operations = {
  open,
  openReader,
  write,
  scan,
  get,
  flush: ({ table }) =>
    db.flush_with_options({ flush_type: table ? FlushType.MemTable : FlushType.Wal }),
  close: () => db.shutdown(),
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
