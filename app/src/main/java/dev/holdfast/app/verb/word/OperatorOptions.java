package dev.holdfast.app.verb.word;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Adapter;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.api.MergeOperator;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The application's merge operator, by the name of its class.
@Adapter("the operator is in a jar that the application brings")
public final class OperatorOptions {
    @Option(
            names = "--merge-operator",
            paramLabel = "CLASS",
            description =
                    "The application's merge operator, a public class with a constructor that"
                            + " takes nothing; without it operands stay as they are.")
    private @Nullable String className;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "A jar, or a folder of classes, that it is in; may be repeated.")
    private List<Path> jars = new ArrayList<>();

    /// `builder` with the operator, if one was named. A class that is none ends the verb.
    public EngineBuilder givenTo(EngineBuilder builder) {
        MergeOperator operator = operator();
        return operator == null ? builder : builder.mergeOperator(operator);
    }

    private @Nullable MergeOperator operator() {
        if (className == null) {
            if (!jars.isEmpty()) throw wrong("--jar is of use with --merge-operator alone", null);
            return null;
        }
        try {
            Object made = loader().loadClass(className).getConstructor().newInstance();
            if (made instanceof MergeOperator operator) return operator;
        } catch (ReflectiveOperationException | LinkageError missing) {
            throw wrong("no such merge operator: " + className + " (" + missing + ")", missing);
        }
        throw wrong("not a " + MergeOperator.class.getName() + ": " + className, null);
    }

    // Open as long as the process: classes are loaded when they are first needed.
    private ClassLoader loader() {
        var urls = new ArrayList<URL>();
        for (Path jar : jars) {
            if (!Files.isReadable(jar)) throw wrong("no such jar: " + jar, null);
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException impossible) {
                throw wrong("no such jar: " + jar, impossible);
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), MergeOperator.class.getClassLoader());
    }

    private static Failure wrong(String what, @Nullable Throwable why) {
        return new Failure(ExitStatus.USAGE, what, why);
    }
}
