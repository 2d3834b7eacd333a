package dev.holdfast.redis.geo;

import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Words;

/// The calls that look for places near another.
final class GeoSearches {
    private GeoSearches() {}

    /// `GEOSEARCH key (FROMMEMBER member | FROMLONLAT longitude latitude) (BYRADIUS radius unit |
    /// BYBOX width height unit) [options]`.
    static Command geosearch(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.SEARCH, words, keyspace).run();
    }

    /// `GEOSEARCHSTORE destination source ...`: keeps what GEOSEARCH would show.
    static Command geosearchstore(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.SEARCH_STORE, words, keyspace).run();
    }

    /// `GEORADIUS key longitude latitude radius unit [options]`.
    static Command georadius(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.RADIUS, words, keyspace).run();
    }

    /// `GEORADIUS_RO`: the same, but never kept.
    static Command georadius_ro(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.RADIUS_RO, words, keyspace).run();
    }

    /// `GEORADIUSBYMEMBER key member radius unit [options]`.
    static Command georadiusbymember(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.MEMBER, words, keyspace).run();
    }

    /// `GEORADIUSBYMEMBER_RO`: the same, but never kept.
    static Command georadiusbymember_ro(Words words) {
        return keyspace -> new GeoSearch(GeoSearch.Form.MEMBER_RO, words, keyspace).run();
    }
}
