package dev.tandem.registry;

/**
 * What a registry's servers are asked, one request a method, each within a time. Nothing is
 * repeated here: whoever asks knows what may be asked twice. Methods block, and end early when
 * their thread is interrupted.
 */
interface KeyServer extends AutoCloseable {

  /** A new lease. */
  Lease grant() throws ServerFailure, InterruptedException;

  /**
   * Keeps a lease alive.
   *
   * @throws ServerFailure.LeaseLost when the server does not have it any more
   */
  void renew(Lease lease) throws ServerFailure, InterruptedException;

  /**
   * Ends a lease, and removes what it holds. One that is gone already is no failure. May be
   * repeated.
   */
  void revoke(Lease lease) throws ServerFailure, InterruptedException;

  /**
   * Writes the value of a key if the lease holds it or nobody does. May be repeated: a request that
   * arrives after a later one does nothing.
   *
   * @param key below the prefix, {@code service/id}
   */
  Claim claim(Lease lease, String key, String value) throws ServerFailure, InterruptedException;

  /**
   * Begins to follow the keys below a folder.
   *
   * @param folder below the prefix, without slashes
   */
  Feed follow(String folder) throws ServerFailure, InterruptedException;

  @Override
  void close();

  /** Keys that are followed, on one connection; it does not survive a failure. */
  interface Feed extends AutoCloseable {

    /**
     * Waits until the server says something: the first time what there is, then what is newer, or
     * that nothing is. So each return is proof that the listing is up to date.
     */
    Listing next() throws ServerFailure, InterruptedException;

    @Override
    void close();
  }
}
