package dev.holdfast.redis.geo;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on places of the earth.
public final class GeoCommands {
    /// All of them, in the order of the alphabet.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("GEOADD", -5, GeoWrites::geoadd)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("RW", "update"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(log(N)) for each item added, where N is the number of"
                                            + " elements in the sorted set.",
                                    "Add one or more geospatial items in the geospatial index"
                                            + " represented using a sorted set",
                                    "key [NX | XX] [CH] longitude latitude member [longitude"
                                            + " latitude member ...]"),
                    Syntax.read("GEODIST", -4, GeoReads::geodist)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(log(N))",
                                    "Returns the distance between two members of a geospatial"
                                            + " index",
                                    "key member1 member2 [M | KM | FT | MI]"),
                    Syntax.read("GEOHASH", -2, GeoReads::geohash)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(log(N)) for each member requested, where N is the number"
                                            + " of elements in the sorted set.",
                                    "Returns members of a geospatial index as standard geohash"
                                            + " strings",
                                    "key member [member ...]"),
                    Syntax.read("GEOPOS", -2, GeoReads::geopos)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(N) where N is the number of members requested.",
                                    "Returns longitude and latitude of members of a geospatial"
                                            + " index",
                                    "key member [member ...]"),
                    Syntax.write("GEORADIUS", -6, GeoSearches::georadius)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("RO", "access"),
                                    KeySpec.after("STORE", 6, "OW", "update"),
                                    KeySpec.after("STOREDIST", 6, "OW", "update"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(N+log(M)) where N is the number of elements inside the"
                                            + " bounding box of the circular area delimited by"
                                            + " center"
                                            + " and radius and M is the number of items inside the"
                                            + " index.",
                                    "Query a sorted set representing a geospatial index to fetch"
                                            + " members matching a given maximum distance from a"
                                            + " point",
                                    "key longitude latitude radius (M | KM | FT | MI) [WITHCOORD]"
                                            + " [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC |"
                                            + " DESC]"
                                            + " [STORE key] [STOREDIST key]"),
                    Syntax.read("GEORADIUS_RO", -6, GeoSearches::georadius_ro)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "3.2.10",
                                    "O(N+log(M)) where N is the number of elements inside the"
                                            + " bounding box of the circular area delimited by"
                                            + " center"
                                            + " and radius and M is the number of items inside the"
                                            + " index.",
                                    "A read-only variant for GEORADIUS",
                                    "key longitude latitude radius (M | KM | FT | MI) [WITHCOORD]"
                                            + " [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC |"
                                            + " DESC]"),
                    Syntax.write("GEORADIUSBYMEMBER", -5, GeoSearches::georadiusbymember)
                            .flags(Flag.DENYOOM)
                            .keys(
                                    KeySpec.one("RO", "access"),
                                    KeySpec.after("STORE", 5, "OW", "update"),
                                    KeySpec.after("STOREDIST", 5, "OW", "update"))
                            .docs(
                                    Group.GEO,
                                    "3.2.0",
                                    "O(N+log(M)) where N is the number of elements inside the"
                                            + " bounding box of the circular area delimited by"
                                            + " center"
                                            + " and radius and M is the number of items inside the"
                                            + " index.",
                                    "Query a sorted set representing a geospatial index to fetch"
                                            + " members matching a given maximum distance from a"
                                            + " member",
                                    "key member radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST]"
                                            + " [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE"
                                            + " key]"
                                            + " [STOREDIST key]"),
                    Syntax.read("GEORADIUSBYMEMBER_RO", -5, GeoSearches::georadiusbymember_ro)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "3.2.10",
                                    "O(N+log(M)) where N is the number of elements inside the"
                                            + " bounding box of the circular area delimited by"
                                            + " center"
                                            + " and radius and M is the number of items inside the"
                                            + " index.",
                                    "A read-only variant for GEORADIUSBYMEMBER",
                                    "key member radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST]"
                                            + " [WITHHASH] [COUNT count [ANY]] [ASC | DESC]"),
                    Syntax.read("GEOSEARCH", -7, GeoSearches::geosearch)
                            .keys(KeySpec.one("RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "6.2.0",
                                    "O(N+log(M)) where N is the number of elements in the"
                                            + " grid-aligned bounding box area around the shape"
                                            + " provided as the filter and M is the number of items"
                                            + " inside the shape",
                                    "Query a sorted set representing a geospatial index to"
                                            + " fetch members inside an area of a box or a circle.",
                                    "key (FROMMEMBER member | FROMLONLAT longitude latitude)"
                                            + " (BYRADIUS radius (M | KM | FT | MI) | BYBOX width"
                                            + " height (M | KM | FT | MI)) [ASC | DESC] [COUNT"
                                            + " count"
                                            + " [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]"),
                    Syntax.write("GEOSEARCHSTORE", -8, GeoSearches::geosearchstore)
                            .flags(Flag.DENYOOM)
                            .keys(KeySpec.one("OW", "update"), KeySpec.at(2, "RO", "access"))
                            .docs(
                                    Group.GEO,
                                    "6.2.0",
                                    "O(N+log(M)) where N is the number of elements in the"
                                            + " grid-aligned bounding box area around the shape"
                                            + " provided as the filter and M is the number of items"
                                            + " inside the shape",
                                    "Query a sorted set representing a geospatial index to fetch"
                                            + " members inside an area of a box or a circle, and"
                                            + " store"
                                            + " the result in another key.",
                                    "destination source (FROMMEMBER member | FROMLONLAT longitude"
                                            + " latitude) (BYRADIUS radius (M | KM | FT | MI) |"
                                            + " BYBOX"
                                            + " width height (M | KM | FT | MI)) [ASC | DESC]"
                                            + " [COUNT"
                                            + " count [ANY]] [STOREDIST]"));

    private GeoCommands() {}
}
