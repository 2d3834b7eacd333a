package dev.holdfast.system.plan;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The packages of the house by floor, the ground at zero.
///
/// A package may know packages of lower floors only, so that there are no cycles. Names are given
/// below `dev.holdfast`, with dots.
record FloorPlan(Map<String, Integer> heightOf) {
    private static final Pattern TYPE = Pattern.compile("dev/holdfast/([a-z0-9_/]+)/[A-Z]");

    /// Reads a plan: one line a floor, the ground last.
    static FloorPlan of(String plan) {
        var heightOf = new HashMap<String, Integer>();
        List<String> floors = plan.lines().filter(line -> !line.isBlank()).toList().reversed();
        for (int height = 0; height < floors.size(); height++)
            for (String room : floors.get(height).strip().split("\\s+"))
                if (heightOf.put(room, height) != null)
                    throw new IllegalArgumentException("drawn twice: " + room);
        return new FloorPlan(Map.copyOf(heightOf));
    }

    /// One line for each package that knows another which is not below it, or is not in the plan.
    SortedSet<String> brokenBy(Collection<ClassModel> types) {
        var broken = new TreeSet<String>();
        for (ClassModel type : types) {
            String from = packagesIn(type.thisClass().asInternalName()).first();
            if (!heightOf.containsKey(from)) broken.add(from + " is not in the plan");
            for (var entry : type.constantPool())
                if (entry instanceof Utf8Entry text) broken.addAll(wrongArrows(from, text));
        }
        return broken;
    }

    private SortedSet<String> wrongArrows(String from, Utf8Entry text) {
        var wrong = new TreeSet<String>();
        for (String to : packagesIn(text.stringValue()))
            if (!to.equals(from) && !isBelow(to, from)) wrong.add(from + " -> " + to);
        return wrong;
    }

    private boolean isBelow(String lower, String upper) {
        Integer from = heightOf.get(upper);
        Integer to = heightOf.get(lower);
        return from == null || (to != null && to < from);
    }

    private static TreeSet<String> packagesIn(String text) {
        var packages = new TreeSet<String>();
        var type = TYPE.matcher(text);
        while (type.find()) packages.add(type.group(1).replace('/', '.'));
        return packages;
    }
}
