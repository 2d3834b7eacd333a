/// What stores behind a server on the network have in common, whatever protocol they speak: pace,
/// deadlines, what a failure means, the proof of conditional creates, objects that go up in parts.
///
/// It sends nothing itself and knows no client library.
@NullMarked
package dev.holdfast.objectstore.remote;

import org.jspecify.annotations.NullMarked;
