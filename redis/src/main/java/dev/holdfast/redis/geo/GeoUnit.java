package dev.holdfast.redis.geo;

import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// The units that distances are told in.
enum GeoUnit {
    M(1),
    KM(1000),
    FT(0.3048),
    MI(1609.34);

    private final double meters;

    GeoUnit(double meters) {
        this.meters = meters;
    }

    /// How many meters the unit at `index` is.
    static double meters(Words words, int index) {
        for (GeoUnit unit : values()) if (words.is(index, unit.name())) return unit.meters;
        throw new RespError("ERR unsupported unit provided. please use M, KM, FT, MI");
    }

    /// The circle whose radius and unit stand at `index`.
    static Shape circle(Words words, int index) {
        double radius = Numbers.real(words.bytes(index), "ERR need numeric radius");
        if (radius < 0) throw new RespError("ERR radius cannot be negative");
        return new Shape.Circle(radius, meters(words, index + 1));
    }

    /// The rectangle whose width, height and unit stand at `index`.
    static Shape box(Words words, int index) {
        double width = Numbers.real(words.bytes(index), "ERR need numeric width");
        double height = Numbers.real(words.bytes(index + 1), "ERR need numeric height");
        if (width < 0 || height < 0) throw new RespError("ERR height or width cannot be negative");
        return new Shape.Box(width, height, meters(words, index + 2));
    }

    /// A distance with four digits behind the point.
    static String text(double distance) {
        return new BigDecimal(distance).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
    }
}
