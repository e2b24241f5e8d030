package dev.tandem.bench;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Map;

/** The method that is measured, as somebody would write it who has grpc-java and nothing else. */
final class UserCalls extends UserServiceImplBase {

  static final String SERVICE = UserServiceGrpc.SERVICE_NAME;
  static final String GET_USER = UserServiceGrpc.getGetUserMethod().getFullMethodName();

  /** Whom the load asks for. */
  static final GetUserRequest REQUEST = GetUserRequest.newBuilder().setUserId("ada").build();

  private record User(String userId, String name, int age) {}

  /** Those who are bundled with the user service. */
  private static final Map<String, User> USERS =
      Map.of(
          "ada", new User("ada", "Ada Lovelace", 36),
          "grace", new User("grace", "Grace Hopper", 85),
          "hedy", new User("hedy", "Hedy Lamarr", 85),
          "katherine", new User("katherine", "Katherine Johnson", 101),
          "radia", new User("radia", "Radia Perlman", 74));

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    User user = USERS.get(request.getUserId());
    if (user == null) {
      response.onError(
          Status.NOT_FOUND
              .withDescription("no user has the user_id \"%s\"".formatted(request.getUserId()))
              .asRuntimeException());
      return;
    }
    response.onNext(
        GetUserResponse.newBuilder()
            .setUserId(user.userId())
            .setName(user.name())
            .setAge(user.age())
            .build());
    response.onCompleted();
  }

  /** A message as gRPC frames it: not compressed, its length, itself. */
  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(1 + Integer.BYTES + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }
}
