package dev.tandem.caller.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. */
@Command(
    name = "caller",
    description = "A client of Tandem's services. Without arguments it serves the control API.",
    subcommands = CallCommand.class,
    synopsisSubcommandLabel = "call")
public final class CallerCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say how this is used.")
  @SuppressWarnings("UnusedVariable") // picocli reads it.
  private boolean help;

  CallerCommand() {}

  /** Runs a command with the process's streams and gives the exit code. */
  public static int run(String... arguments) {
    return run(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new CallerCommand()).setOut(out).setErr(err).execute(arguments);
  }
}
