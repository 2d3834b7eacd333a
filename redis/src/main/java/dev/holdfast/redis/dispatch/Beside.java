package dev.holdfast.redis.dispatch;

/// Who does for many connections at once what each alone would do at a higher price.
record Beside(DeferredReplies deferred, SharedTurns turns) {
    static Beside of(Services services) {
        return new Beside(
                new DeferredReplies(services.durables(), services.env()),
                new SharedTurns(services.env(), services.dispatcher()));
    }
}
