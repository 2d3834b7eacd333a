package dev.holdfast.redis.geo;

import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// A place of the earth in degrees.
record Place(double longitude, double latitude) {
    private static final double EARTH_RADIUS_METERS = 6372797.560856;
    private static final double RADIANS = Math.PI / 180.0;

    /// The place that the words at `index` and behind it spell.
    static Place parse(Words words, int index) {
        double longitude = Numbers.real(words.bytes(index), RespError.NOT_A_FLOAT);
        double latitude = Numbers.real(words.bytes(index + 1), RespError.NOT_A_FLOAT);
        boolean isOnMap =
                Math.abs(longitude) <= GeoCell.LONGITUDE_MAX
                        && Math.abs(latitude) <= GeoCell.LATITUDE_MAX;
        if (!isOnMap)
            throw new RespError(
                    "ERR invalid longitude,latitude pair "
                            + sixDigits(longitude)
                            + ","
                            + sixDigits(latitude));
        return new Place(longitude, latitude);
    }

    private static String sixDigits(double value) {
        if (Double.isInfinite(value)) return value < 0 ? "-inf" : "inf";
        // Also a number that is shown as zero shows its sign.
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        var shown = new BigDecimal(Math.abs(value)).setScale(6, RoundingMode.HALF_EVEN);
        return sign + shown.toPlainString();
    }

    /// The way to `other` over the earth as a ball.
    double metersTo(Place other) {
        double v = Math.sin((radians(other.longitude) - radians(longitude)) / 2);
        if (v == 0) return metersNorthTo(other);
        double own = radians(latitude);
        double others = radians(other.latitude);
        double u = Math.sin((others - own) / 2);
        double a = u * u + Math.cos(own) * Math.cos(others) * v * v;
        return 2.0 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(a));
    }

    /// The way to the latitude of `other`.
    double metersNorthTo(Place other) {
        return EARTH_RADIUS_METERS * Math.abs(radians(other.latitude) - radians(latitude));
    }

    /// The coordinates between which all lies that is not further away to the east or west, and to
    /// the north or south.
    GeoCell.Area around(double metersEast, double metersNorth) {
        double rows = degrees(metersNorth / EARTH_RADIUS_METERS);
        // Meridians are nearer to each other on the side of the pole.
        double farther = latitude < 0 ? latitude - rows : latitude + rows;
        double columns = degrees(metersEast / EARTH_RADIUS_METERS / Math.cos(radians(farther)));
        return new GeoCell.Area(
                longitude - columns, latitude - rows, longitude + columns, latitude + rows);
    }

    private static double radians(double degrees) {
        return degrees * RADIANS;
    }

    private static double degrees(double radians) {
        return radians / RADIANS;
    }
}
