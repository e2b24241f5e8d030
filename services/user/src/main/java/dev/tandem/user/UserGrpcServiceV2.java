package dev.tandem.user;

import dev.tandem.user.v2.GetUserRequest;
import dev.tandem.user.v2.GetUserResponse;
import dev.tandem.user.v2.UserServiceGrpc.UserServiceImplBase;
import dev.tandem.user.v2.WatchUserRequest;
import dev.tandem.user.v2.WatchUserResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.arc.lookup.LookupIfProperty;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/**
 * tandem.user.v2 on the wire, from the same directory as v1: what v1 says, and the email. A server
 * whose newest version is v1 does not have it at all: calls get UNIMPLEMENTED, and neither
 * reflection nor health knows it.
 */
@LookupIfProperty(
    name = UserSettings.NEWEST_VERSION,
    stringValue = UserSettings.V2,
    lookupIfMissing = true)
@GrpcService
final class UserGrpcServiceV2 extends UserServiceImplBase {

  private final LiveUserDirectory directory;
  private final UserWatches watches;

  @Inject
  UserGrpcServiceV2(LiveUserDirectory directory, UserWatches watches) {
    this.directory = directory;
    this.watches = watches;
  }

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    UserLookup.answer(directory.current(), request.getUserId(), response, UserGrpcServiceV2::reply);
  }

  @Override
  public void watchUser(WatchUserRequest request, StreamObserver<WatchUserResponse> response) {
    watches.add(
        request.getUserId(),
        (ServerCallStreamObserver<WatchUserResponse>) response,
        UserGrpcServiceV2::state);
  }

  private static GetUserResponse reply(User user) {
    return GetUserResponse.newBuilder()
        .setUserId(user.userId())
        .setName(user.name())
        .setAge(user.age())
        .setEmail(user.email())
        .build();
  }

  static WatchUserResponse state(UserDirectory.Entry entry) {
    User user = entry.user();
    return WatchUserResponse.newBuilder()
        .setUserId(user.userId())
        .setName(user.name())
        .setAge(user.age())
        .setEmail(user.email())
        .setRevision(entry.revision())
        .build();
  }
}
