package dev.holdfast.azure.emulator;

import java.time.Duration;

/// One way in which a request does not go straight to the server and back.
public sealed interface Bend {
    /// It does.
    record None() implements Bend {}

    /// It never arrives, and the proxy answers with an error.
    record Refuse(int status, String code) implements Bend {}

    /// It is done, and the proxy answers with an error all the same.
    record DoAndRefuse(int status, String code) implements Bend {}

    /// It never arrives, and the proxy answers as if it were done, with `status`.
    record Pretend(int status) implements Bend {}

    /// It never arrives, and the proxy answers with a success that says nothing.
    record Mumble(int status) implements Bend {}

    /// It never arrives; the connection is cut.
    record LoseRequest() implements Bend {}

    /// It is done; the connection is cut.
    record LoseReply() implements Bend {}

    /// It never arrives, and is never answered.
    record Silence() implements Bend {}

    /// It is done, and never answered.
    record DoAndSilence() implements Bend {}

    /// The connection is cut, and it is done `delay` later.
    record Late(Duration delay) implements Bend {}

    /// The connection is cut after `bytes` of the answer's body.
    record CutBody(int bytes) implements Bend {}

    /// The answer's body comes one byte each `pause`.
    record Drip(Duration pause) implements Bend {}

    /// The server is not told of one parameter, as if it were too old to know it.
    record Forget(String parameter) implements Bend {}
}
