package dev.holdfast.lifecycle.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// A process that prints each datagram on one line, with bars for line ends, until it is told that
/// the sender has stopped, or nothing for half a minute.
public final class Receiver {
    private static final String PROGRAM =
            """
            import socket, sys
            name = sys.argv[1]
            address = '\\0' + name[1:] if name[0] == '@' else name
            inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            inbox.bind(address)
            inbox.settimeout(30)
            print('bound', flush=True)
            text = ''
            while not text.startswith('STATUS=stopped'):
                text = inbox.recv(4096).decode()
                print(text.replace('\\n', '|'), flush=True)
            """;

    private Receiver() {}

    public static boolean isThere() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Path.of(folder, "python3").toFile().canExecute());
    }

    /// One that prints `bound` first, once it can be sent to.
    public static Process at(String name) throws IOException {
        return new ProcessBuilder("python3", "-c", PROGRAM, name).redirectErrorStream(true).start();
    }
}
