package dev.holdfast.redis.dispatch;

/// How far a connection takes part in a stop.
enum Turnout {
    /// Not at all.
    SERVING,
    /// What has come is done and answered; then only what changes nothing still runs.
    SETTLING,
    /// It says goodbye.
    LEAVING
}
