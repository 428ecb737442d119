package org.ongsung.wire.telnet;

import java.util.Set;

/// What both sides of a connection agree on, kept by the Q method of RFC 1143, so that no answer
/// ever starts a loop.
///
/// An option is agreed to only where it stands in one of the two sets given; everything else is
/// refused, known or not. For one thread at a time.
public final class TelnetNegotiation {
  private enum Side {
    NO,
    WANT_NO,
    WANT_YES,
    YES
  }

  private static final int OPTIONS = 256;
  private static final byte[] NOTHING = {};

  private final Set<Integer> weMay;
  private final Set<Integer> theyMay;
  private final Side[] ours = new Side[OPTIONS];
  private final Side[] theirs = new Side[OPTIONS];

  /// @param weMay what we do when asked to
  /// @param theyMay what we let the peer do when it offers
  public TelnetNegotiation(Set<Integer> weMay, Set<Integer> theyMay) {
    this.weMay = Set.copyOf(weMay);
    this.theyMay = Set.copyOf(theyMay);
    java.util.Arrays.fill(ours, Side.NO);
    java.util.Arrays.fill(theirs, Side.NO);
  }

  /// Offers to do `option`; what to send, nothing if that is settled already.
  public byte[] offer(int option) {
    if (ours[option] != Side.NO) {
      return NOTHING;
    }
    ours[option] = Side.WANT_YES;
    return TelnetEncoder.negotiation(Telnet.WILL, option);
  }

  /// Asks the peer to do `option`; what to send, nothing if that is settled already.
  public byte[] ask(int option) {
    if (theirs[option] != Side.NO) {
      return NOTHING;
    }
    theirs[option] = Side.WANT_YES;
    return TelnetEncoder.negotiation(Telnet.DO, option);
  }

  /// Withdraws what we do; what to send.
  public byte[] withdraw(int option) {
    if (ours[option] != Side.YES) {
      return NOTHING;
    }
    ours[option] = Side.WANT_NO;
    return TelnetEncoder.negotiation(Telnet.WONT, option);
  }

  /// Takes what the peer said; what to answer, nothing if it needs no answer.
  public byte[] received(int verb, int option) {
    return switch (verb) {
      case Telnet.DO -> wanted(ours, weMay, option, Telnet.WILL, Telnet.WONT);
      case Telnet.DONT -> unwanted(ours, option, Telnet.WONT);
      case Telnet.WILL -> wanted(theirs, theyMay, option, Telnet.DO, Telnet.DONT);
      case Telnet.WONT -> unwanted(theirs, option, Telnet.DONT);
      default -> throw new IllegalArgumentException("not a negotiation: " + verb);
    };
  }

  private static byte[] wanted(Side[] side, Set<Integer> may, int option, int yes, int no) {
    switch (side[option]) {
      case NO -> {
        if (may.contains(option)) {
          side[option] = Side.YES;
          return TelnetEncoder.negotiation(yes, option);
        }
        return TelnetEncoder.negotiation(no, option);
      }
      case WANT_YES -> side[option] = Side.YES;
      case WANT_NO -> side[option] = Side.NO; // answered our refusal with a yes: an error of theirs
      case YES -> {}
    }
    return NOTHING;
  }

  private static byte[] unwanted(Side[] side, int option, int no) {
    Side before = side[option];
    side[option] = Side.NO;
    return before == Side.YES ? TelnetEncoder.negotiation(no, option) : NOTHING;
  }

  /// Whether we do `option` by agreement.
  public boolean weDo(int option) {
    return ours[option] == Side.YES;
  }

  /// Whether the peer does `option` by agreement.
  public boolean theyDo(int option) {
    return theirs[option] == Side.YES;
  }
}
