package dev.tandem.caller.command;

import dev.tandem.caller.token.TokenSigner;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. */
@Command(
    name = "caller",
    description = "A client of Tandem's services. Without arguments it serves the control API.",
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

  /**
   * Runs a command with the process's streams and gives the exit code.
   *
   * @param signer signs the token that a call carries
   */
  public static int run(Optional<TokenSigner> signer, String... arguments) {
    return run(
        signer,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(
      Optional<TokenSigner> signer, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new CallerCommand())
        .addSubcommand(new CallCommand(signer))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }
}
