package dev.holdfast.s3.twin;

import java.time.Duration;

/// One way in which a server answers otherwise than it should.
public sealed interface Twist {
    /// It answers as it should.
    record None() implements Twist {}

    /// It does nothing and answers with an error.
    record Refuse(int status, String code) implements Twist {}

    /// It does what it was asked and answers with an error all the same.
    record DoAndRefuse(int status, String code) implements Twist {}

    /// It does nothing and hangs up.
    record LoseRequest() implements Twist {}

    /// It does what it was asked and hangs up.
    record LoseReply() implements Twist {}

    /// It hangs up, and does what it was asked `delay` later.
    record Late(Duration delay) implements Twist {}

    /// It answers as it should, `pause` later.
    record Slow(Duration pause) implements Twist {}

    /// It never answers: before it has done anything.
    record Silence() implements Twist {}

    /// It does what it was asked, and never answers.
    record DoAndSilence() implements Twist {}

    /// It sends `bytes` of the body that it promises, and hangs up.
    record CutBody(int bytes) implements Twist {}

    /// It sends one byte of the body each `pause`.
    record Drip(Duration pause) implements Twist {}

    /// It does nothing, and answers with status 200 and an error as the body.
    record ErrorWithin200() implements Twist {}

    /// It leaves the newest objects out of a listing, as many as `hidden`.
    record StaleListing(int hidden) implements Twist {}

    /// It shows the last object of a page again on the next.
    record DoubleListing() implements Twist {}
}
