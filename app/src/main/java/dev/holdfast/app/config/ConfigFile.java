package dev.holdfast.app.config;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// A YAML file with one level of `name: value`, whose names are those of the flags.
///
/// Every complaint names the file and the line.
@Adapter("the configuration is a file")
public final class ConfigFile {
    private static final long BYTES_MAX = 1 << 20;

    private final Path path;
    private final List<ConfigEntry> entries;

    private ConfigFile(Path path, List<ConfigEntry> entries) {
        this.path = path;
        this.entries = entries;
    }

    /// Reads the file at `path`.
    public static ConfigFile read(Path path) {
        try {
            if (BYTES_MAX < Files.size(path)) throw wrong(path, 0, "larger than any configuration");
            return parse(path, Files.readString(path));
        } catch (java.nio.file.NoSuchFileException missing) {
            throw wrong(path, 0, "no such file");
        } catch (IOException failure) {
            throw wrong(path, 0, "not readable: " + failure.getMessage());
        }
    }

    private static ConfigFile parse(Path path, String text) {
        var settings =
                LoadSettings.builder()
                        .setAllowDuplicateKeys(true) // refused below, with the line
                        .setMaxAliasesForCollections(10)
                        .build();
        try {
            var parser = new ParserImpl(settings, new StreamReader(settings, text));
            Node root = new Composer(settings, parser).getSingleNode().orElse(null);
            return new ConfigFile(path, root == null ? List.of() : entriesOf(path, root));
        } catch (MarkedYamlEngineException malformed) {
            int line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw wrong(path, line, "not YAML: " + malformed.getProblem());
        } catch (YamlEngineException malformed) {
            throw wrong(path, 0, "not YAML: " + malformed.getMessage());
        }
    }

    private static List<ConfigEntry> entriesOf(Path path, Node root) {
        if (!(root instanceof MappingNode mapping))
            throw wrong(path, lineOf(root), "expected lines of `name: value`");
        Map<String, ConfigEntry> byName = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            ConfigEntry entry = entryOf(path, tuple);
            ConfigEntry earlier = byName.putIfAbsent(entry.name(), entry);
            if (earlier != null)
                throw wrong(
                        path,
                        entry.line(),
                        "`" + entry.name() + "` was set on line " + earlier.line() + " already");
        }
        return new ArrayList<>(byName.values());
    }

    private static ConfigEntry entryOf(Path path, NodeTuple tuple) {
        int line = lineOf(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode name))
            throw wrong(path, line, "expected a name");
        if (!(tuple.getValueNode() instanceof ScalarNode value))
            throw wrong(path, line, "`" + name.getValue() + "` takes one value");
        return new ConfigEntry(name.getValue(), value.getValue(), line);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /// What it sets, in its order; each name once.
    public List<ConfigEntry> entries() {
        return entries;
    }

    /// The complaint that `entry` is wrong because of `why`.
    public Failure wrong(ConfigEntry entry, String why) {
        return wrong(path, entry.line(), why);
    }

    private static Failure wrong(Path path, int line, String why) {
        String where = line == 0 ? path.toString() : path + ":" + line;
        return new Failure(ExitStatus.CONFIG, where + ": " + why);
    }
}
