/// What goes to the object store behind the local disk: a small graph of uploads, each with an end
/// of its own.
///
/// It knows names, sizes and what must come before what. It never knows logs, tables or manifests:
/// each upload brings its own attempt.
@NullMarked
package dev.holdfast.engine.ship;

import org.jspecify.annotations.NullMarked;
