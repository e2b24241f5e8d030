package dev.tandem.caller.command;

import com.google.protobuf.MessageOrBuilder;
import io.grpc.Channel;

/** The versions of the user service's API. */
enum UserApi {
  V1 {
    @Override
    MessageOrBuilder getUser(Channel channel, String id) {
      return dev.tandem.user.v1.UserServiceGrpc.newBlockingStub(channel)
          .getUser(dev.tandem.user.v1.GetUserRequest.newBuilder().setUserId(id).build());
    }
  },
  V2 {
    @Override
    MessageOrBuilder getUser(Channel channel, String id) {
      return dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(channel)
          .getUser(dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId(id).build());
    }
  };

  /** Gives a user. */
  abstract MessageOrBuilder getUser(Channel channel, String id);
}
