package org.ongsung.console.http;

import java.io.IOException;
import java.util.Map;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.GuardedLock;

/// Requests of the system to itself: by the same routes and the same rules as from outside, but in
/// process, on the thread of the request that makes them.
///
/// They take no socket, no thread and no place at a [Door], so they are never refused for want of
/// one and never wait for what an ancestor holds. They carry the caller of the request from
/// outside, with no more rights than that one has, and a depth. Nothing that others need may be
/// held meanwhile: a held database connection fails tests ([ConnectionGuard]), and so does a held
/// lock ([GuardedLock]).
public final class NestedCalls {
  private final Doorkeeper doorkeeper;

  NestedCalls(Doorkeeper doorkeeper) {
    this.doorkeeper = doorkeeper;
  }

  /// Asks an address of the API; see [Exchange#ask].
  Map<String, Object> call(Exchange parent, String method, String path, Map<String, Object> json)
      throws IOException, InterruptedException {
    assertNothingIsHeld();
    byte[] body = json.isEmpty() ? new byte[0] : Json.write(json);
    Exchange nested = doorkeeper.admitNested(parent, method, path, body);
    return switch (nested.handle()) {
      case Reply.Body answer when answer.contentType().startsWith("application/json") ->
          Json.readObject(answer.bytes());
      case Reply.Body _ -> Map.of();
      case Reply.Stream _, Reply.Upgrade _ ->
          throw new IllegalStateException("a streamed answer is for those outside: " + path);
    };
  }

  /// Fails where what a nested request may take long for would be missed by others.
  static void assertNothingIsHeld() {
    ConnectionGuard.assertNoneHeld("a nested request");
    GuardedLock.assertNoneHeld("a nested request");
    if (!Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a nested request would keep one of few threads waiting");
    }
  }
}
