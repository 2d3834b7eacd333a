package dev.holdfast.system.tidy;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What can be seen in the syntax tree of a Java source: sizes, names, parameters, first sentences.
final class TreeRules extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 5;
    private static final int NESTING_MAX = 3;
    private static final int EXPORTS_MAX = 4;
    private static final Set<String> FORBIDDEN_WORDS =
            Set.of(
                    "Manager",
                    "Helper",
                    "Util",
                    "Utils",
                    "Impl",
                    "Base",
                    "Abstract",
                    "Common",
                    "Processor",
                    "Info",
                    "Data",
                    "Wrapper",
                    "My",
                    "New");
    private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final Set<String> TOO_WIDE =
            Set.of("Exception", "Throwable", "RuntimeException", "Error");

    private static final String NAMED_BY_THE_GUIDE = "CorruptData";

    private static final Set<String> FACTS = Set.of("require", "check", "must");

    private final Path file;
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final List<String> broken = new ArrayList<>();
    private int nesting;

    private TreeRules(Path file, CompilationUnitTree unit, DocTrees trees) {
        this.file = file;
        this.unit = unit;
        this.trees = trees;
    }

    /// One line for each rule that `text`, the content of `file`, breaks.
    static List<String> check(Path file, String text) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task =
                (JavacTask)
                        compiler.getTask(
                                null, null, null, List.of(), null, List.of(new Source(file, text)));
        try {
            var rules =
                    new TreeRules(file, task.parse().iterator().next(), DocTrees.instance(task));
            rules.scan(rules.unit, null);
            return rules.broken;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public @Nullable Void visitModule(ModuleTree module, @Nullable Void unused) {
        long exports = module.getDirectives().stream().filter(TreeRules::isForAll).count();
        if (EXPORTS_MAX < exports) report(module, exports + " exports, max " + EXPORTS_MAX);
        return super.visitModule(module, unused);
    }

    private static boolean isForAll(Tree directive) {
        return directive instanceof ExportsTree exports && exports.getModuleNames() == null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
        String name = type.getSimpleName().toString();
        for (String word : WORDS.split(name))
            if (FORBIDDEN_WORDS.contains(word) && !name.equals(NAMED_BY_THE_GUIDE))
                report(type, "type name says " + word + ": " + name);
        boolean isTopLevel = getCurrentPath().getParentPath().getLeaf() == unit;
        boolean isSeen = isTopLevel || type.getModifiers().getFlags().contains(Modifier.PUBLIC);
        if (isSeen
                && !isTest()
                && !name.isEmpty()
                && isBlank(trees.getDocComment(getCurrentPath())))
            report(type, "no first sentence: " + name);
        int outside = nesting;
        nesting = 0;
        super.visitClass(type, unused);
        nesting = outside;
        return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
        long lines = lineOf(endOf(method)) - lineOf(startOf(method)) + 1;
        String name = method.getName().toString();
        if (METHOD_LINES_MAX < lines)
            report(method, name + " has " + lines + " lines, max " + METHOD_LINES_MAX);
        if (!isConstructorOfRecord(method)) checkParameters(method, name);
        int outside = nesting;
        nesting = 0;
        super.visitMethod(method, unused);
        nesting = outside;
        return null;
    }

    private void checkParameters(MethodTree method, String name) {
        int count = method.getParameters().size();
        if (PARAMETERS_MAX < count)
            report(method, name + " has " + count + " parameters, max " + PARAMETERS_MAX);
        if (FACTS.contains(name) || isFormOf(method)) return; // a fact, not a choice
        for (VariableTree parameter : method.getParameters())
            if (String.valueOf(parameter.getType()).equals("boolean") && !isOverride(method))
                report(method, name + " has a boolean parameter: " + parameter.getName());
    }

    @Override
    public @Nullable Void visitCatch(CatchTree caught, @Nullable Void unused) {
        boolean mayBeWide = file.startsWith("lifecycle") || file.startsWith("app") || isTest();
        for (String type : caught.getParameter().getType().toString().split("[ |]+"))
            if (TOO_WIDE.contains(type) && !mayBeWide && !isInAdapter())
                report(caught, "catches " + type);
        return super.visitCatch(caught, unused);
    }

    private boolean isInAdapter() {
        for (Tree each : getCurrentPath()) {
            ModifiersTree modifiers =
                    switch (each) {
                        case MethodTree method -> method.getModifiers();
                        case ClassTree type -> type.getModifiers();
                        default -> null;
                    };
            if (modifiers != null && modifiers.toString().contains("@Adapter(")) return true;
        }
        return false;
    }

    @Override
    public @Nullable Void scan(@Nullable Tree tree, @Nullable Void unused) {
        boolean isDeeper = tree != null && isControl(tree) && !isElseIf(tree);
        if (isDeeper && NESTING_MAX < ++nesting) report(tree, "nested deeper than " + NESTING_MAX);
        super.scan(tree, unused);
        if (isDeeper) nesting--;
        return null;
    }

    /// Branches and loops count; `try` says what a failure means, not what comes next.
    private static boolean isControl(Tree tree) {
        return switch (tree.getKind()) {
            case IF, FOR_LOOP, ENHANCED_FOR_LOOP, WHILE_LOOP, DO_WHILE_LOOP, SWITCH -> true;
            default -> false;
        };
    }

    private boolean isElseIf(Tree tree) {
        return tree.getKind() == Tree.Kind.IF
                && getCurrentPath() != null
                && getCurrentPath().getLeaf() instanceof com.sun.source.tree.IfTree outer
                && outer.getElseStatement() == tree;
    }

    private boolean isConstructorOfRecord(MethodTree method) {
        return getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD
                && method.getName().contentEquals("<init>");
    }

    /// The constructors that only the type itself calls: of enums, and private ones.
    private boolean isFormOf(MethodTree method) {
        return method.getName().contentEquals("<init>")
                && (getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.ENUM
                        || method.getModifiers().getFlags().contains(Modifier.PRIVATE));
    }

    private static boolean isOverride(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private boolean isTest() {
        return file.toString().contains("src/test/");
    }

    private static boolean isBlank(@Nullable String comment) {
        return comment == null || comment.isBlank();
    }

    private void report(Tree tree, String fault) {
        broken.add(file + ":" + lineOf(startOf(tree)) + ": " + fault);
    }

    private long startOf(Tree tree) {
        return trees.getSourcePositions().getStartPosition(unit, tree);
    }

    private long endOf(Tree tree) {
        return trees.getSourcePositions().getEndPosition(unit, tree);
    }

    private long lineOf(long position) {
        return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Path file, String text) {
            super(URI.create("string:///" + file), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
