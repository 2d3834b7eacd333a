package dev.holdfast.system.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the code to the floor plan. A package imports only from lower floors, so there are no
/// cycles and the house can be read from the ground up.
class ArchitectureTest {
    /// One line a floor, the ground last. Packages on one line do not know each other.
    private static final String FLOOR_PLAN =
            """
            simulation.replay simulation.swarm
            simulation.swarm.act
            simulation.swarm.stage
            simulation.history simulation.explore simulation.store simulation.report simulation.disk
            simulation
            simulation.schedule simulation.transact
            simulation.agent simulation.check
            app
            app.verb
            app.verb.look app.verb.change
            app.verb.word
            app.serve app.load app.survey app.transfer
            app.inspect
            app.store app.config app.admin
            app.console
            redis
            redis.dispatch
            redis.migrate
            redis.sorting redis.admin redis.transfer redis.script
            redis.strings redis.keys redis.server redis.geo redis.bitmaps redis.hyperloglogs
            redis.lists redis.streams redis.pubsub redis.transactions redis.waiting
            redis.watch redis.tracking redis.pausing redis.saving redis.config
            redis.hashes redis.sets redis.zsets
            redis.members redis.listing redis.acl redis.script.library
            redis.script.parse
            redis.command redis.values redis.upkeep
            redis.keyspace
            redis.memory redis.outline
            redis.resp redis.signal redis.rdb redis.script.lua
            engine
            engine.transact engine.follow engine.copy engine.ingest engine.upgrade
            engine.read engine.write engine.compact engine.gc engine.backup engine.change
            engine.view engine.tier engine.owner
            engine.wal
            engine.board engine.note engine.segment
            engine.table engine.manifest engine.memtable engine.compact.rows
            engine.iter engine.cache
            engine.memory engine.event engine.ship engine.seal engine.filter
            engine.api
            engine.api.upkeep
            engine.local
            azure s3
            objectstore
            objectstore.remote
            objectstore.retry
            objectstore.fault
            objectstore.memory objectstore.local objectstore.cached
            objectstore.api net
            lifecycle format.compactions format.work format.wal
            lifecycle.tangle
            lifecycle.gate format.manifest
            lifecycle.wait format.sst
            lifecycle.plan lifecycle.signal lifecycle.supervisor lifecycle.text lifecycle.durable
            lifecycle.event
            format.section
            format.block.v1 format.block.v2
            format.block format.codec format.filter
            format.row format.local format.seal
            format.wire
            base.file
            base
            """;

    @Test
    void shouldImportOnlyFromLowerFloors() throws IOException {
        List<ClassModel> types = compiledTypes();

        assertTrue(10 < types.size(), "the reactor was not compiled: " + types.size());
        assertEquals("", String.join("\n", FloorPlan.of(FLOOR_PLAN).brokenBy(types)));
    }

    @Test
    void shouldFailWhenAPackageKnowsAHigherFloorOrItsNeighbour(@TempDir Path folder)
            throws IOException {
        // given
        var plan = FloorPlan.of("upper\nleft right\nground\n");
        List<ClassModel> types =
                compile(
                        folder,
                        Map.of(
                                "upper/Roof.java",
                                "package dev.holdfast.upper; public class Roof { ground.G g; }"
                                        .replace("ground.G", "dev.holdfast.ground.Ground"),
                                "ground/Ground.java",
                                """
                                package dev.holdfast.ground;
                                public class Ground {
                                    static int f(int i, dev.holdfast.upper.Roof[] r) { return i; }
                                }
                                """,
                                "left/Left.java",
                                """
                                package dev.holdfast.left;
                                public class Left {
                                    Object it = new dev.holdfast.right.Right();
                                }
                                """,
                                "right/Right.java",
                                "package dev.holdfast.right; public class Right {}"));
        // when, then
        assertEquals(
                List.of("ground -> upper", "left -> right"),
                List.copyOf(new TreeSet<>(plan.brokenBy(types))));
    }

    @Test
    void shouldFailWhenARoomIsNotDrawn(@TempDir Path folder) throws IOException {
        // given
        var plan = FloorPlan.of("upper\nground\n");
        List<ClassModel> types =
                compile(
                        folder,
                        Map.of(
                                "upper/Roof.java",
                                "package dev.holdfast.upper; class Roof { dev.holdfast.shed.A a; }",
                                "shed/A.java",
                                "package dev.holdfast.shed; public class A {}"));
        // when, then
        assertEquals(
                List.of("shed is not in the plan", "upper -> shed"),
                List.copyOf(plan.brokenBy(types)));
    }

    private static List<ClassModel> compiledTypes() throws IOException {
        var types = new ArrayList<ClassModel>();
        for (String module : House.productionModules())
            types.addAll(typesUnder(House.ROOT.resolve(module).resolve("target/classes")));
        return types;
    }

    private static List<ClassModel> typesUnder(Path classes) throws IOException {
        if (!Files.isDirectory(classes)) return List.of();
        var types = new ArrayList<ClassModel>();
        List<Path> files;
        try (var found = Files.walk(classes)) {
            files = found.filter(path -> isPlain(path.getFileName().toString())).toList();
        }
        for (Path file : files) types.add(ClassFile.of().parse(file));
        return types;
    }

    private static boolean isPlain(String file) {
        return file.endsWith(".class")
                && !Arrays.asList("module-info.class", "package-info.class").contains(file);
    }

    private static List<ClassModel> compile(Path folder, Map<String, String> sources)
            throws IOException {
        var arguments = new ArrayList<String>(List.of("-d", folder.resolve("classes").toString()));
        for (var source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        int result =
                javax.tools.ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, result);
        return typesUnder(folder.resolve("classes"));
    }
}
