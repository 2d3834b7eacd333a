package dev.holdfast.app.transfer;

import dev.holdfast.base.Bytes;
import java.util.List;

/// What another server answers, in the older of the two protocols.
sealed interface ServerReply {
    /// A line of text.
    record Line(String text) implements ServerReply {}

    /// A refusal.
    record Refused(String text) implements ServerReply {}

    /// A number.
    record Whole(long value) implements ServerReply {}

    /// Some bytes.
    record Bulk(Bytes bytes) implements ServerReply {}

    /// Nothing.
    record Missing() implements ServerReply {}

    /// Several of these.
    record Items(List<ServerReply> items) implements ServerReply {}
}
