/// Who has a database whose commits may lie on a local disk first: small objects beside the files
/// of the format, each written once, so that nobody else takes it over without a word.
///
/// It knows names, epochs and marks. It never knows commits, logs or disks.
@NullMarked
package dev.holdfast.engine.owner;

import org.jspecify.annotations.NullMarked;
