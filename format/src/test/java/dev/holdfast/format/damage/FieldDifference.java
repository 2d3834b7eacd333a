package dev.holdfast.format.damage;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// The names of the fields in which two records differ, such as `l0.sst.id`.
final class FieldDifference {
    private final Set<String> fields = new TreeSet<>();

    private FieldDifference() {}

    static Set<String> between(Record one, Record other) {
        var difference = new FieldDifference();
        difference.compareRecords("", one, other);
        return difference.fields;
    }

    private void compareRecords(String path, Record one, Record other) {
        for (RecordComponent component : one.getClass().getRecordComponents()) {
            String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
            compare(name, read(component, one), read(component, other));
        }
    }

    private void compare(String path, Object one, Object other) {
        if (Objects.equals(one, other)) return;
        if (one instanceof Record left
                && other instanceof Record right
                && left.getClass() == right.getClass()
                && left.getClass().getName().startsWith("dev.holdfast.format"))
            compareRecords(path, left, right);
        else if (one instanceof List<?> left
                && other instanceof List<?> right
                && left.size() == right.size())
            for (int i = 0; i < left.size(); i++) compare(path, left.get(i), right.get(i));
        else fields.add(path);
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
