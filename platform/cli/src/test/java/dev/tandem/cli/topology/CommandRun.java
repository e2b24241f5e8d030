package dev.tandem.cli.topology;

import dev.tandem.cli.Tandem;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What one run of the command gave. */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Tandem.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
