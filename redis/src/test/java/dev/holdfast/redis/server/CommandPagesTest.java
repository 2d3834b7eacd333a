package dev.holdfast.redis.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keys.KeyCommands;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.strings.StringCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandPagesTest {
    private static final Syntax COPY_LIKE =
            Syntax.write("COPYLIKE", -3, _ -> (SessionCommand) _ -> Reply.OK)
                    .keys(KeySpec.at(1, "RO", "access"), KeySpec.at(2, "OW", "update"))
                    .docs(
                            Group.GENERIC,
                            "6.2.0",
                            "O(N)",
                            "Copy",
                            "source-key [DB index] [NX | XX] value...");

    @Test
    void shouldListWhatRedisListsOfACommand() {
        String entry = shown(CommandPages.entry(COPY_LIKE));
        assertEquals(
                "* copylike -3 * write 1 2 1 * @keyspace @write @slow * *"
                        + " * flags * RO access begin_search * type index spec * index 1"
                        + " find_keys * type range spec * lastkey 0 keystep 1 limit 0"
                        + " * flags * OW update begin_search * type index spec * index 2"
                        + " find_keys * type range spec * lastkey 0 keystep 1 limit 0 *",
                entry);
    }

    @Test
    void shouldReadArgumentsFromTheManualsNotation() {
        String page = shown(CommandPages.docs(COPY_LIKE));
        assertEquals(
                "* summary Copy since 6.2.0 group generic complexity O(N) arguments *"
                        + " * name source-key type key key_spec_index 0"
                        + " * name index type integer token DB flags * optional"
                        + " * name nx-choice type oneof flags * optional arguments *"
                        + " * name nx type pure-token token NX * name xx type pure-token token XX"
                        + " * name value type string flags * multiple",
                page);
    }

    @Test
    void shouldFindEveryCommandInWhateverCase() {
        List<Syntax> all = new ArrayList<>(KeyCommands.ALL);
        all.addAll(StringCommands.ALL);
        var table = new CommandTable(all);
        for (Syntax syntax : all) {
            assertEquals(syntax, table.find(Bytes.utf8(syntax.name())));
            assertEquals(syntax, table.find(Bytes.utf8(syntax.shownName())));
            assertEquals(syntax, table.find(syntax.shownName()));
        }
        for (String unknown : List.of("", "GE", "GETT", "G\u0005T", "NOSUCH"))
            assertEquals(null, table.find(Bytes.utf8(unknown)));
    }

    @Test
    void shouldDocumentEveryCommandOnKeys() {
        List<Syntax> all = new ArrayList<>(KeyCommands.ALL);
        all.addAll(StringCommands.ALL);
        for (Syntax syntax : all) {
            assertFalse(syntax.docs().summary().isEmpty(), syntax.name());
            assertTrue(shown(CommandPages.docs(syntax)).contains("group "), syntax.name());
        }
    }

    // The words of a reply, every container as a star.
    private static String shown(Reply reply) {
        var out = new ReplyWriter(Protocol.RESP2);
        reply.writeTo(out);
        var text = new StringBuilder();
        out.take().forEach(part -> text.append(part.toUtf8()));
        return text.toString()
                .replaceAll("\\$\\d+\r\n", "")
                .replaceAll("\\*\\d+\r\n", "* ")
                .replaceAll("(^|(?<=[ \n]))[:+]", "")
                .replace("\r\n", " ")
                .strip();
    }
}
