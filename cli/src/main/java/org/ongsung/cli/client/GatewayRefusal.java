package org.ongsung.cli.client;

/// The gateway's answer that it will not do what was asked.
public final class GatewayRefusal extends RuntimeException {
  private final int status;
  private final String code;
  private final String errorId;

  /// @param status of HTTP, 400 and up
  /// @param code a stable word, may be empty
  /// @param errorId under which the operator finds the cause, may be empty
  public GatewayRefusal(int status, String code, String message, String errorId) {
    super(message);
    this.status = status;
    this.code = code;
    this.errorId = errorId;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String errorId() {
    return errorId;
  }
}
