package dev.holdfast.app.verb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a command line came to: its exit code, and what it printed.
record Ran(int code, String out, String err) {
    static Ran line(String... words) {
        return withInput("", words);
    }

    static Ran withInput(String input, String... words) {
        PrintStream standardOut = System.out;
        PrintStream standardErr = System.err;
        InputStream standardIn = System.in;
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, false, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            int code = Verbs.commandLine(null).execute(words);
            System.out.flush();
            return new Ran(
                    code,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(standardOut);
            System.setErr(standardErr);
            System.setIn(standardIn);
        }
    }

    @Override
    public String toString() {
        return "exit " + code + "\n--- out\n" + out + "--- err\n" + err;
    }
}
