package dev.holdfast.redis.geo;

/// A cell of the earth: `step` times it was halved by longitude and by latitude, and `bits` say
/// which halves were taken, longitude in the odd bits.
record GeoCell(long bits, int step) {
    static final int STEPS_MAX = 26;

    static final double LONGITUDE_MAX = 180;

    /// As far as a Mercator map goes.
    static final double LATITUDE_MAX = 85.05112878;

    private static final long ODD = 0xaaaa_aaaa_aaaa_aaaaL;
    private static final long EVEN = 0x5555_5555_5555_5555L;

    /// The least and the greatest coordinates in a cell.
    record Area(double west, double south, double east, double north) {
        Place center() {
            double longitude = (west + east) / 2;
            double latitude = (south + north) / 2;
            return new Place(
                    Math.clamp(longitude, -LONGITUDE_MAX, LONGITUDE_MAX),
                    Math.clamp(latitude, -LATITUDE_MAX, LATITUDE_MAX));
        }
    }

    /// The cell around `place`, of latitudes up to `latitudeMax`.
    static GeoCell of(Place place, int step, double latitudeMax) {
        double latitude = (place.latitude() + latitudeMax) / (latitudeMax + latitudeMax);
        double longitude = (place.longitude() + LONGITUDE_MAX) / (LONGITUDE_MAX + LONGITUDE_MAX);
        long cells = 1L << step;
        long bits = spread((long) (latitude * cells)) | spread((long) (longitude * cells)) << 1;
        return new GeoCell(bits, step);
    }

    /// The cell around `place`.
    static GeoCell of(Place place, int step) {
        return of(place, step, LATITUDE_MAX);
    }

    /// The least cell, whose bits a sorted set keeps as a score.
    static GeoCell ofScore(double score) {
        return new GeoCell((long) score, STEPS_MAX);
    }

    Area area() {
        double cells = 1L << step;
        long row = gathered(bits);
        long column = gathered(bits >>> 1);
        double height = LATITUDE_MAX - -LATITUDE_MAX;
        double width = LONGITUDE_MAX - -LONGITUDE_MAX;
        return new Area(
                -LONGITUDE_MAX + column / cells * width,
                -LATITUDE_MAX + row / cells * height,
                -LONGITUDE_MAX + (column + 1) / cells * width,
                -LATITUDE_MAX + (row + 1) / cells * height);
    }

    /// The least score in the cell.
    long scoreMin() {
        return bits << (2 * (STEPS_MAX - step));
    }

    /// The least score behind the cell.
    long scoreEnd() {
        return bits + 1 << (2 * (STEPS_MAX - step));
    }

    /// The cell so many columns to the east and rows to the north, each -1, 0 or 1; around the
    /// earth if need be.
    GeoCell neighbor(int columns, int rows) {
        long x = moved(bits & ODD, columns, ODD);
        long y = moved(bits & EVEN, rows, EVEN);
        return new GeoCell(x | y, step);
    }

    // The bits in between are set, so that a carry runs through them.
    private long moved(long value, int by, long mask) {
        if (by == 0) return value;
        long between = ~mask >>> (64 - 2 * step);
        long next = 0 < by ? value + (between + 1) : (value | between) - (between + 1);
        return next & mask >>> (64 - 2 * step);
    }

    private static long spread(long value) {
        return Long.expand(value & 0xffff_ffffL, EVEN);
    }

    private static long gathered(long value) {
        return Long.compress(value, EVEN);
    }
}
