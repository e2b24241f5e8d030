package dev.tandem.caller;

import dev.tandem.caller.command.CallerCommand;
import dev.tandem.caller.control.CallerServer;
import dev.tandem.caller.token.TokenSigner;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Without arguments the server, with arguments the command. */
public final class Main {
  // Held: the log manager forgets the level of a logger that nobody holds.
  private static final Logger LIBRARIES = Logger.getLogger("io");

  private Main() {}

  /** Exits with 0 when the call succeeded, 1 when it failed, 2 when the arguments are wrong. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.getProperties()
        .putIfAbsent(
            "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    if (arguments.length > 0) {
      LIBRARIES.setLevel(Level.WARNING);
      System.exit(CallerCommand.run(TokenSigner.from(System.getenv()), arguments));
    }
    CallerServer server = CallerServer.start(System.getenv());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  // An orderly end after SIGTERM is a success; left alone the JVM would report 143.
                  Runtime.getRuntime().halt(0);
                },
                "shutdown"));
    server.awaitEnd();
  }
}
