/// Rows in key order that go to tables past the log, and become one commit.
@NullMarked
package dev.holdfast.engine.ingest;

import org.jspecify.annotations.NullMarked;
