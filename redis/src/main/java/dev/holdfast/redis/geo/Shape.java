package dev.holdfast.redis.geo;

import java.util.ArrayList;
import java.util.List;

/// What is searched: a circle or a rectangle around a place.
///
/// @param unit how many meters one unit of the words is
sealed interface Shape {
    double MERCATOR_MAX = 20037726.37;

    /// How many meters one unit of the words is.
    double unit();

    /// How far it reaches to the east and west.
    double metersEast();

    /// How far it reaches to the north and south.
    double metersNorth();

    /// How far its farthest place is from the center.
    double metersMax();

    /// How far `place` is from `center`; negative if it lies outside.
    double metersWithin(Place center, Place place);

    /// All places that are not further away than `radius` units.
    record Circle(double radius, double unit) implements Shape {
        @Override
        public double metersEast() {
            return unit * radius;
        }

        @Override
        public double metersNorth() {
            return unit * radius;
        }

        @Override
        public double metersMax() {
            return radius * unit;
        }

        @Override
        public double metersWithin(Place center, Place place) {
            double meters = center.metersTo(place);
            return meters <= radius * unit ? meters : -1;
        }
    }

    /// All places in a rectangle of `width` and `height` units.
    record Box(double width, double height, double unit) implements Shape {
        @Override
        public double metersEast() {
            return unit * (width / 2);
        }

        @Override
        public double metersNorth() {
            return unit * (height / 2);
        }

        @Override
        public double metersMax() {
            return Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)) * unit;
        }

        @Override
        public double metersWithin(Place center, Place place) {
            if (height * unit / 2 < place.metersNorthTo(center)) return -1;
            Place beside = new Place(center.longitude(), place.latitude());
            if (width * unit / 2 < place.metersTo(beside)) return -1;
            return center.metersTo(place);
        }
    }

    /// The cells in which everything lies that is inside, around `center`: nine at most, in the
    /// order in which Redis looks at them.
    default List<GeoCell> cells(Place center) {
        GeoCell.Area bounds = center.around(metersEast(), metersNorth());
        int step = stepFor(center.latitude());
        GeoCell cell = GeoCell.of(center, step);
        if (1 < step && !reaches(cell, bounds)) cell = GeoCell.of(center, step - 1);
        GeoCell.Area area = cell.area();
        boolean isSmall = 2 <= cell.step();
        int south = isSmall && area.south() < bounds.south() ? 0 : -1;
        int north = isSmall && bounds.north() < area.north() ? 0 : 1;
        int west = isSmall && area.west() < bounds.west() ? 0 : -1;
        int east = isSmall && bounds.east() < area.east() ? 0 : 1;
        int[][] moves = {
            {0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}
        };
        List<GeoCell> cells = new ArrayList<>();
        for (int[] move : moves) {
            boolean isNeeded =
                    west <= move[0] && move[0] <= east && south <= move[1] && move[1] <= north;
            if (isNeeded) cells.add(cell.neighbor(move[0], move[1]));
        }
        return cells;
    }

    private int stepFor(double latitude) {
        double meters = metersMax();
        if (meters == 0) return GeoCell.STEPS_MAX;
        int step = -1;
        for (; meters < MERCATOR_MAX; meters *= 2) step++;
        // Towards the poles cells are narrower.
        if (66 < Math.abs(latitude)) step--;
        if (80 < Math.abs(latitude)) step--;
        return Math.clamp(step, 1, GeoCell.STEPS_MAX);
    }

    private static boolean reaches(GeoCell cell, GeoCell.Area bounds) {
        return bounds.north() <= cell.neighbor(0, 1).area().north()
                && cell.neighbor(0, -1).area().south() <= bounds.south()
                && bounds.east() <= cell.neighbor(1, 0).area().east()
                && cell.neighbor(-1, 0).area().west() <= bounds.west();
    }
}
