package dev.tandem.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one run of the command gave. */
public record CommandRun(int exitCode, String out, String err) {

  public static CommandRun of(String... arguments) {
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
