/// Words about local disks in front of a store: who owns a database, and what was cut off from it.
@NullMarked
package dev.holdfast.engine.local;

import org.jspecify.annotations.NullMarked;
