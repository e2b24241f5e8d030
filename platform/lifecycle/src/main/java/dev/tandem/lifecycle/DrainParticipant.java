package dev.tandem.lifecycle;

/**
 * Has something to do before the server stops. Beans of this type take part by themselves. Pools
 * and other things that calls need are not closed here: calls are still being served. Beans are
 * destroyed after the last call has ended.
 */
public interface DrainParticipant {

  /**
   * Makes callers choose another instance, such as by leaving a registry. The server still accepts
   * calls. What is thrown is logged, and does not keep the others from leaving.
   *
   * @throws InterruptedException when this took longer than tandem.lifecycle.leave-timeout: the
   *     thread was interrupted
   */
  default void leave() throws InterruptedException {}

  /**
   * Ends the streams that would not end by themselves, in a way that their callers understand,
   * those that are opened from now on included. The server accepts no new connections any more, and
   * has told its clients to open others. Must not block.
   */
  default void endStreams() {}

  /** Who goes first: the lower number. */
  default int order() {
    return 0;
  }
}
