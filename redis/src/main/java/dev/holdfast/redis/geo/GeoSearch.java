package dev.holdfast.redis.geo;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.RedisZset.Side;
import dev.holdfast.redis.values.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One run of a search for places. Its words are read while it runs, since Redis looks at the key
/// between them: which error comes first depends on it.
final class GeoSearch {
    private static final String NO_MEMBER = "ERR could not decode requested zset member";

    private final Form form;
    private final Words words;
    private final Keyspace keyspace;
    private final RedisZset zset;
    private final EnumSet<Shown> shown = EnumSet.noneOf(Shown.class);
    private @Nullable Place center;
    private @Nullable Shape shape;
    private From from = From.NOWHERE;
    private boolean isAny;
    private boolean keepsDistance;
    private long count;
    private @Nullable Comparator<Hit> order;
    private @Nullable Bytes target;

    GeoSearch(Form form, Words words, Keyspace keyspace) {
        this.form = form;
        this.words = words;
        this.keyspace = keyspace;
        this.zset = RedisZset.at(keyspace.reading(), words.key(form == Form.SEARCH_STORE ? 1 : 0));
    }

    /// Which of the commands it is.
    enum Form {
        SEARCH(1),
        SEARCH_STORE(2),
        RADIUS(5),
        RADIUS_RO(5),
        MEMBER(4),
        MEMBER_RO(4);

        private final int optionsAt;

        Form(int optionsAt) {
            this.optionsAt = optionsAt;
        }

        private boolean isSearch() {
            return this == SEARCH || this == SEARCH_STORE;
        }

        private boolean mayStore() {
            return this == RADIUS || this == MEMBER;
        }
    }

    /// How the place was named that is searched around.
    private enum From {
        NOWHERE,
        MEMBER,
        PLACE
    }

    /// What is shown of a place besides its member.
    private enum Shown {
        WITHDIST,
        WITHHASH,
        WITHCOORD
    }

    /// A place that was found.
    private record Hit(Scored member, Place place, double meters) {}

    Reply run() {
        fixedWords();
        for (Options options = words.options(form.optionsAt); options.more(); ) option(options);
        check();
        if (!zset.exists()) return target == null ? Reply.EMPTY_ARRAY : store(target, List.of());
        if (count != 0 && order == null && !isAny) order = Comparator.comparing(Hit::meters);
        List<Hit> hits = hits();
        if (order != null) hits.sort(order);
        if (count != 0 && count < hits.size()) hits = hits.subList(0, (int) count);
        return target == null ? shown(hits) : store(target, hits);
    }

    private void fixedWords() {
        if (form == Form.SEARCH_STORE) target = words.key(0);
        if (form == Form.RADIUS || form == Form.RADIUS_RO) {
            center = Place.parse(words, 1);
            shape = GeoUnit.circle(words, 3);
        }
        boolean isByMember = form == Form.MEMBER || form == Form.MEMBER_RO;
        if (isByMember && zset.exists()) {
            center = placeOf(words.bytes(1));
            shape = GeoUnit.circle(words, 2);
        }
    }

    private void option(Options options) {
        int left = options.left() - 1;
        int at = words.count() - left;
        String keyword = options.keyword();
        switch (keyword) {
            case "WITHDIST", "WITHHASH", "WITHCOORD" -> shown.add(Shown.valueOf(keyword));
            case "ANY" -> isAny = true;
            case "ASC" -> order = Comparator.comparing(Hit::meters);
            case "DESC" -> order = Comparator.comparing(Hit::meters).reversed();
            case "COUNT" -> {
                if (left < 1) throw options.unexpected();
                count = options.integer();
                if (count <= 0) throw new RespError("ERR COUNT must be > 0");
            }
            case "STORE", "STOREDIST" -> keep(options, keyword, left);
            default -> {
                if (!form.isSearch()) throw options.unexpected();
                where(options, keyword, at);
            }
        }
    }

    private void keep(Options options, String keyword, int left) {
        boolean isDistance = keyword.equals("STOREDIST");
        if (form.mayStore() && 1 <= left) target = options.bytes();
        else if (form != Form.SEARCH_STORE || !isDistance) throw options.unexpected();
        keepsDistance = isDistance;
    }

    // `at` is the place behind the keyword.
    private void where(Options options, String keyword, int at) {
        int left = options.left();
        if (keyword.equals("FROMMEMBER") && 1 <= left && from != From.PLACE) {
            Bytes member = options.bytes();
            if (zset.exists()) center = placeOf(member);
            from = From.MEMBER;
        } else if (keyword.equals("FROMLONLAT") && 2 <= left && from != From.MEMBER) {
            center = Place.parse(words, at);
            from = From.PLACE;
            options.skip(2);
        } else if (keyword.equals("BYRADIUS") && 2 <= left && !(shape instanceof Shape.Box)) {
            shape = GeoUnit.circle(words, at);
            options.skip(2);
        } else if (keyword.equals("BYBOX") && 3 <= left && !(shape instanceof Shape.Circle)) {
            shape = GeoUnit.box(words, at);
            options.skip(3);
        } else throw options.unexpected();
    }

    private void check() {
        if (target != null && !shown.isEmpty())
            throw new RespError(
                    "ERR "
                            + (form == Form.SEARCH_STORE
                                    ? "GEOSEARCHSTORE"
                                    : "STORE option in GEORADIUS")
                            + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        String name = words.all().getFirst().toUtf8();
        if (form.isSearch() && from == From.NOWHERE)
            throw new RespError(
                    "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + name);
        if (form.isSearch() && shape == null)
            throw new RespError(
                    "ERR exactly one of BYRADIUS and BYBOX can be specified for " + name);
        if (isAny && count == 0)
            throw new RespError("ERR the ANY argument requires COUNT argument");
    }

    private Place placeOf(Bytes member) {
        Place place = GeoReads.place(zset, member);
        if (place == null) throw new RespError(NO_MEMBER);
        return place;
    }

    // Where cells go around the earth, one may be the one before it, and is left out; but Redis
    // does not compare with the first one, so that its places may be found twice.
    private List<Hit> hits() {
        Place around = Objects.requireNonNull(center);
        Shape within = Objects.requireNonNull(shape);
        List<Hit> hits = new ArrayList<>();
        GeoCell last = null;
        boolean isFirst = true;
        for (GeoCell cell : within.cells(around)) {
            if (isEnough(hits)) break;
            if (cell.equals(last)) continue;
            collect(cell, around, within, hits);
            last = isFirst ? null : cell;
            isFirst = false;
        }
        return hits;
    }

    private void collect(GeoCell cell, Place around, Shape within, List<Hit> hits) {
        var places =
                new KeyRange(
                        RedisZset.place(cell.scoreMin(), Side.BEFORE),
                        RedisZset.place(cell.scoreEnd(), Side.BEFORE));
        try (RedisZset.Walk walk = zset.walk(places, Order.ASCENDING)) {
            while (!isEnough(hits) && walk.next()) {
                Scored member = walk.scored();
                Place place = GeoCell.ofScore(member.score()).area().center();
                double meters = within.metersWithin(around, place);
                if (meters < 0) continue;
                keyspace.hold(3 * Reply.HELD_BYTES + member.member().length());
                hits.add(new Hit(member, place, meters));
            }
        }
    }

    private boolean isEnough(List<Hit> hits) {
        return isAny && count <= hits.size();
    }

    private double distance(Hit hit) {
        return hit.meters / Objects.requireNonNull(shape).unit();
    }

    private Reply store(Bytes destination, List<Hit> hits) {
        Map<Bytes, Scored> members = new HashMap<>();
        for (Hit hit : hits) {
            Bytes member = hit.member.member();
            double score = keepsDistance ? distance(hit) : hit.member.score();
            members.put(member, new Scored(member, score));
        }
        String event = form == Form.SEARCH_STORE ? "geosearchstore" : "georadiusstore";
        List<Scored> sorted = members.values().stream().sorted().toList();
        RedisZset.store(keyspace, destination, sorted, event);
        return Reply.integer(hits.size());
    }

    private Reply shown(List<Hit> hits) {
        return Reply.array(hits.stream().map(this::shown).toList());
    }

    private Reply shown(Hit hit) {
        Reply member = Reply.bulk(hit.member.member());
        if (shown.isEmpty()) return member;
        List<Reply> parts = new ArrayList<>(List.of(member));
        if (shown.contains(Shown.WITHDIST)) parts.add(Reply.bulk(GeoUnit.text(distance(hit))));
        if (shown.contains(Shown.WITHHASH)) parts.add(Reply.integer((long) hit.member.score()));
        if (shown.contains(Shown.WITHCOORD)) parts.add(GeoReads.shown(hit.place));
        return Reply.array(parts);
    }
}
