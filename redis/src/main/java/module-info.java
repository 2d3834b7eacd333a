/// RESP in front of a Db.
module dev.holdfast.redis {
    requires transitive dev.holdfast.engine;
    requires transitive dev.holdfast.lifecycle;
    requires dev.holdfast.net;

    exports dev.holdfast.redis;
    exports dev.holdfast.redis.rdb;
    exports dev.holdfast.redis.migrate;
}
