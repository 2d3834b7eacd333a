package dev.holdfast.redis.geo;

import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.Scored;
import dev.holdfast.redis.zsets.ScoreUpdate;
import dev.holdfast.redis.zsets.ScoreUpdate.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The call that adds places.
final class GeoWrites {
    private GeoWrites() {}

    /// `GEOADD key [NX | XX] [CH] longitude latitude member [...]`: adds members at places.
    static Command geoadd(Words words) {
        EnumSet<Rule> rules = EnumSet.noneOf(Rule.class);
        int first = 1;
        for (; first < words.count(); first++) {
            if (words.is(first, "NX")) rules.add(Rule.NX);
            else if (words.is(first, "XX")) rules.add(Rule.XX);
            else if (words.is(first, "CH")) rules.add(Rule.CH);
            else break;
        }
        boolean isBroken =
                (words.count() - first) % 3 != 0
                        || words.count() == first
                        || rules.containsAll(EnumSet.of(Rule.NX, Rule.XX));
        if (isBroken) throw new RespError(RespError.SYNTAX);
        List<Scored> scores = new ArrayList<>();
        for (int i = first; i < words.count(); i += 3) {
            GeoCell cell = GeoCell.of(Place.parse(words, i), GeoCell.STEPS_MAX);
            scores.add(new Scored(words.bytes(i + 2), cell.bits()));
        }
        return new ScoreUpdate(words.key(0), rules, scores)::run;
    }
}
