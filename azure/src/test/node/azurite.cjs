// The emulator of Azure's blob storage. It ends when its stdin does, so that it never outlives whoever started it.
process.stdin.resume();
process.stdin.unref();
process.stdin.on("end", () => process.exit(0));
require("azurite/dist/src/blob/main.js");
