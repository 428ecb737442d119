package org.ongsung.protocols.ssh;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.AccessAddress;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.EndNotice;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.Notice;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.gateway.terminal.TargetMenu;
import org.ongsung.gateway.terminal.TerminalOutcome;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.EndReason;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.SessionState;
import org.ongsung.model.Target;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.ReachableTarget;
import org.ongsung.policy.TargetGrant;
import org.ongsung.protocols.ssh.SshChannel.Held;
import org.ongsung.protocols.ssh.SshChannel.Side;
import org.ongsung.protocols.ssh.transport.EventLoops;
import org.ongsung.protocols.ssh.transport.LoopSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection of a person who has logged in, from the authorisation to the end: the house's one
/// path in one class.
///
/// authorise (or let choose) → open the record → dial → relay → close the record. What the person
/// asks for before the target is there waits; what fails is told on the first session channel.
///
/// Threads: packets come on event loops and are handled under the relay's lock; everything that
/// blocks is done on virtual threads without it.
final class SshConnection extends AbstractCloseable implements Service, SshRelay.Owner {
  /// What every connection of a listener shares.
  record Parts(
      Gateway gateway,
      Authorizer authorizer,
      SshUpstream upstream,
      Terminals terminals,
      SshLimits limits) {}

  private enum Stage {
    /// The policy is asked.
    DECIDING,
    /// The person has to choose.
    CHOOSING,
    /// The record is opened and the target dialled.
    DIALLING,
    /// Packets pass.
    RELAYING,
    /// The target speaks another protocol: each shell gets a terminal and a session of its own.
    TERMINALS,
    /// Nothing will pass any more; every channel is told why.
    FAILED
  }

  private static final Logger LOG = LoggerFactory.getLogger(SshConnection.class);
  private static final Duration TO_BE_READ = Duration.ofMillis(800);

  private final Session session;
  private final Parts parts;
  private final SshAuthentication.Proven proven;
  private final SshLeg clientLeg;
  private final SshRelay relay;
  private final SshLife life;
  private final Map<String, Object> properties = new ConcurrentHashMap<>(1);

  // Guarded by the relay.
  private Stage stage = Stage.DECIDING;
  private final Deque<Held> held = new ArrayDeque<>(2);
  private long heldBytes;
  private boolean refusalTold;
  private SshErrors.@Nullable Message failure;
  private List<ReachableTarget> choices = List.of();
  private @Nullable Target chosenTarget;
  private @Nullable TargetGrant terminalGrant;
  private List<Account> accounts = List.of();
  private @Nullable SshChannel menuChannel;
  private volatile @Nullable OpenSession opened;
  private @Nullable SshLeg targetLeg;
  private boolean over;
  private volatile boolean clientHeard;
  private volatile boolean targetHeard;

  private final Lock terminalRefusal = new ReentrantLock();

  /// What the first terminal was told by a grant that allows none; guarded by the lock above.
  private @Nullable TerminalOutcome noTerminal;

  SshConnection(Session session, Parts parts, SshLife life) throws SshException {
    SshAuthentication.Proven found = session.getAttribute(SshAuthentication.PROVEN);
    if (found == null || !session.isAuthenticated()) {
      throw new SshException("not logged in");
    }
    session.removeAttribute(SshAuthentication.PROVEN);
    this.session = session;
    this.parts = parts;
    this.proven = found;
    this.life = life;
    this.clientLeg = new SshLeg(session);
    this.relay = new SshRelay(this, clientLeg, parts.limits());
  }

  @Override
  public Session getSession() {
    return session;
  }

  @Override
  public Map<String, Object> getProperties() {
    return properties;
  }

  @Override
  public void start() {
    session.addCloseFutureListener(closed -> ended(EndReason.of(EndReason.Code.PERSON_LEFT)));
    if (!life.add(this)) {
      Thread.ofVirtual().name("ssh-too-many").start(this::tooMany);
      return;
    }
    endWithoutSession();
    Thread.ofVirtual().name("ssh-connection").start(() -> guarded(this::begin));
  }

  /// Whose it is.
  Name user() {
    return proven.user().user().name();
  }

  /// Not told on a channel, as other failures are: that would keep a place for as long.
  private void tooMany() {
    LOG.info("{} has {} connections", user(), parts.limits().maxConnectionsPerUser());
    clientLeg.disconnect(
        SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS,
        SshErrors.TOO_MANY_CONNECTIONS
            .with(parts.limits().maxConnectionsPerUser())
            .in(Locale.ENGLISH));
  }

  /// A place is not kept for ever for somebody who chooses nothing and is told nothing.
  private void endWithoutSession() {
    LoopSession.of(session)
        .schedule(
            parts.limits().menuTimeout(),
            () -> {
              boolean idle;
              synchronized (relay) {
                if (over || stage == Stage.RELAYING) {
                  return; // from here on the session has its limits
                }
                idle =
                    stage == Stage.TERMINALS
                        ? relay.openChannels() == 0
                        : menuChannel == null && (stage == Stage.CHOOSING || stage == Stage.FAILED);
              }
              if (idle) {
                clientLeg.disconnect(
                    SshConstants.SSH2_DISCONNECT_BY_APPLICATION,
                    SshErrors.NOTHING_CHOSEN.with().in(Locale.ENGLISH));
              } else {
                endWithoutSession();
              }
            });
  }

  // The one path.

  private void begin() {
    AccessAddress address = proven.address();
    AccessRequest access = address.access();
    if (!address.wellFormed()) {
      denied(AccessRequest.NOTHING, "malformed address");
      fail(SshErrors.MALFORMED_ADDRESS.with());
    } else if (access == null) {
      choose(parts.authorizer().reachable(proven.user()));
    } else {
      authorise(access);
    }
  }

  private void authorise(AccessRequest access) {
    switch (parts.authorizer().authorise(proven.user(), access)) {
      case Decision.Permit permit -> reach(permit.grant());
      case Decision.Choose several -> choose(several.target(), several.accounts());
      case Decision.Deny deny -> {
        denied(access, deny.reason());
        fail(SshErrors.DENIED.with());
      }
    }
  }

  /// Puts a refusal into the ledger. Not for event loops: the ledger makes its callers wait.
  private void denied(AccessRequest access, String reason) {
    parts.gateway().denied(proven.user(), access, connection(), reason);
  }

  private void reach(TargetGrant grant) {
    if (grant.target().protocol() != Protocol.SSH) {
      reachTerminals(grant);
      return;
    }
    synchronized (relay) {
      stage = Stage.DIALLING;
    }
    OpenSession record;
    try {
      record = parts.gateway().open(grant, connection());
    } catch (SessionRefusedException e) {
      fail(SshErrors.REFUSED.with(new SshText.Spoken(e.notice()::in)));
      return;
    }
    boolean gone;
    synchronized (relay) {
      opened = record;
      gone = over;
    }
    if (gone) {
      record.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
      return;
    }
    record.onEnd(this::endedByGateway);
    record.onNotice(this::notice);
    try {
      relay(record, dial(record));
    } catch (SshUpstream.DialException e) {
      LOG.info("session {}: {}", record.id(), e.getMessage());
      record.end(SessionState.FAILED, e.reason());
      fail(e.told());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      record.end(SessionState.FAILED, EndReason.of(EndReason.Code.GATEWAY_STOP));
    }
  }

  private ClientSession dial(OpenSession record)
      throws SshUpstream.DialException, InterruptedException {
    return parts
        .upstream()
        .dial(record, this::fromTarget, ours -> EventLoops.joining(session.getIoSession(), ours));
  }

  private void relay(OpenSession record, ClientSession target) {
    SshLeg leg = new SshLeg(target);
    synchronized (relay) {
      targetLeg = leg;
      if (over || stage != Stage.DIALLING) {
        leg.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, "the person is gone");
        return;
      }
      relay.attach(leg, record);
      stage = Stage.RELAYING;
      SshChannel waiting = menuChannel;
      menuChannel = null;
      if (waiting != null && waiting.client.open && !waiting.client.closeReceived) {
        relay.promote(waiting);
      }
      replayHeld();
    }
    target.addCloseFutureListener(closed -> targetGone(record));
  }

  // Targets of other protocols.

  private void reachTerminals(TargetGrant grant) {
    synchronized (relay) {
      terminalGrant = grant;
      stage = Stage.TERMINALS;
      SshChannel waiting = menuChannel;
      menuChannel = null;
      if (waiting != null && waiting.client.open && !waiting.client.closeReceived) {
        startTerminal(waiting, grant);
      }
      replayHeld();
    }
  }

  private void startTerminal(SshChannel channel, TargetGrant grant) {
    boolean shell = channel.saved.stream().anyMatch(saved -> saved.name().equals("shell"));
    if (!shell || !channel.hasTerminal()) {
      refusedWithoutTarget();
      relay.finish(channel, whyNoTarget(), SshRelay.STATUS_NOT_ALLOWED);
      return;
    }
    SshTerminalFront front = new SshTerminalFront(relay, channel);
    TerminalRequest request = SshTerminalFront.request(channel);
    channel.local = front;
    byte[] ahead = channel.typedAhead;
    channel.typedAhead = null;
    if (ahead != null && ahead.length > 0) {
      front.typed(ahead);
    }
    relay.takeMore(channel);
    Thread.ofVirtual()
        .name("ssh-terminal")
        .start(() -> runTerminal(channel, grant, request, front));
  }

  private void tellTerminalOnly(TargetGrant grant) {
    denied(
        new AccessRequest(grant.target().name().value(), grant.account().name().value()),
        "a " + grant.target().protocol().text() + " target has a terminal and nothing else");
  }

  private void runTerminal(
      SshChannel channel, TargetGrant grant, TerminalRequest request, SshTerminalFront front) {
    TerminalOutcome outcome =
        grant.allows(Capability.SHELL)
            ? parts.terminals().run(grant, connection(), request, front)
            : noTerminal(grant, request, front);
    LOG.debug("a terminal of {} is over: {}", proven.user(), outcome);
    switch (outcome) {
      case TerminalOutcome.NotReached(var why) ->
          relay.finish(
              channel,
              SshErrors.ENDED.with(new SshText.Spoken(why::in)),
              SshRelay.STATUS_NO_CONNECTION);
      case TerminalOutcome.Over(var exit) ->
          relay.exit(channel, exit.status() == null ? 0 : exit.status());
      case TerminalOutcome.CutOff _ -> relay.exit(channel, SshRelay.STATUS_NO_CONNECTION);
    }
  }

  /// Refused, and in the ledger, once a connection: nothing about the terminals that follow
  /// differs, and whoever opens channel after channel must not fill the ledger.
  private TerminalOutcome noTerminal(
      TargetGrant grant, TerminalRequest request, SshTerminalFront front) {
    terminalRefusal.lock();
    try {
      TerminalOutcome told = noTerminal;
      if (told == null) {
        told = parts.terminals().run(grant, connection(), request, front);
        noTerminal = told;
      }
      return told;
    } finally {
      terminalRefusal.unlock();
    }
  }

  // Packets.

  @Override
  public void process(int command, Buffer in) throws SshException {
    if (command == SshConstants.SSH_MSG_USERAUTH_REQUEST) {
      return; // RFC 4252 section 5.1: after the success these are silently ignored
    }
    clientHeard = true;
    synchronized (relay) {
      if (over) {
        return;
      }
      if (waits(command)) {
        hold(command, in);
      } else {
        relay.receive(Side.CLIENT, command, in);
      }
    }
    OpenSession record = opened;
    if (record != null && command != SshConstants.SSH_MSG_GLOBAL_REQUEST) {
      record.touch();
    }
  }

  private boolean waits(int command) {
    return (stage == Stage.DECIDING || stage == Stage.DIALLING)
        && (command == SshConstants.SSH_MSG_CHANNEL_OPEN
            || command == SshConstants.SSH_MSG_GLOBAL_REQUEST);
  }

  private void hold(int command, Buffer in) throws SshException {
    heldBytes += in.available() + 64;
    if (held.size() >= SshLimits.MAX_HELD_REQUESTS || heldBytes > parts.limits().heldBytes()) {
      throw SshRelay.broken("too much before the target is there");
    }
    held.add(
        new Held(
            (byte) command,
            ByteArrayBuffer.getCompactClone(in.array(), in.rpos(), in.available())));
  }

  private void replayHeld() {
    try {
      for (Held next = held.poll(); next != null; next = held.poll()) {
        relay.receive(Side.CLIENT, next.command(), next.rest());
      }
    } catch (SshException e) {
      clientLeg.disconnect(e.getDisconnectCode(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      SshRelay.unreadable(clientLeg, e);
    }
  }

  private void fromTarget(int command, Buffer in) throws SshException {
    targetHeard = true;
    synchronized (relay) {
      if (over) {
        return;
      }
      if (stage == Stage.RELAYING) {
        relay.receive(Side.TARGET, command, in);
      } else if (command != SshConstants.SSH_MSG_GLOBAL_REQUEST) {
        throw SshRelay.broken("message " + command + " before the relay");
      }
    }
  }

  // Choosing.

  private void choose(List<ReachableTarget> targets) {
    if (targets.isEmpty()) {
      denied(AccessRequest.NOTHING, "no target to reach");
      fail(SshErrors.NO_TARGETS.with());
      return;
    }
    synchronized (relay) {
      choices = targets;
      stage = Stage.CHOOSING;
      replayHeld();
    }
  }

  private void choose(Target target, List<Account> several) {
    synchronized (relay) {
      chosenTarget = target;
      accounts = several;
      stage = Stage.CHOOSING;
      SshChannel channel = menuChannel;
      if (channel != null) {
        showMenu(channel);
      }
      replayHeld();
    }
  }

  @Override
  public void programWithoutTarget(SshChannel channel, String request) {
    TargetGrant grant = terminalGrant;
    if (stage == Stage.TERMINALS && grant != null) {
      startTerminal(channel, grant);
    } else if (stage == Stage.CHOOSING
        && menuChannel == null
        && !request.equals("subsystem")
        && channel.hasTerminal()) {
      menuChannel = channel;
      showMenu(channel);
    } else {
      refusedWithoutTarget();
      relay.finish(channel, whyNoTarget(), SshRelay.STATUS_NO_CONNECTION);
    }
  }

  /// The first refusal of a connection stands for those that follow: nothing about them differs.
  @Override
  public void refusedWithoutTarget() {
    TargetGrant grant = terminalGrant;
    Target target = chosenTarget;
    if (refusalTold || (stage != Stage.CHOOSING && stage != Stage.TERMINALS)) {
      return; // a connection that has failed is in the ledger already
    }
    refusalTold = true;
    Thread.ofVirtual()
        .name("ssh-denied")
        .start(
            () -> {
              if (grant != null) {
                tellTerminalOnly(grant);
              } else if (target != null) {
                denied(
                    new AccessRequest(target.name().value(), null),
                    "several accounts and none named");
              } else {
                denied(AccessRequest.NOTHING, "several targets and none named");
              }
            });
  }

  private void showMenu(SshChannel channel) {
    Locale locale = relay.language(channel);
    Target target = chosenTarget;
    TargetMenu shown =
        target == null
            ? TargetMenu.ofTargets(choices, locale)
            : TargetMenu.ofAccounts(target, accounts, locale);
    SshLocal local = new MenuOnChannel(channel, shown);
    channel.local = local;
    LoopSession.of(session).schedule(parts.limits().menuTimeout(), () -> menuOver(channel, local));
    relay.print(channel, shown.open(size(channel)), false);
  }

  private void menuOver(SshChannel channel, SshLocal local) {
    synchronized (relay) {
      if (local.equals(channel.local)) {
        menuChannel = null;
        relay.print(channel, TargetMenu.LEAVE_SCREEN, false);
        relay.finish(channel, SshErrors.NOTHING_CHOSEN.with(), SshRelay.STATUS_NO_CONNECTION);
      }
    }
  }

  private static TargetMenu.Size size(SshChannel channel) {
    OpenSession.Terminal terminal = channel.terminal;
    return terminal == null
        ? new TargetMenu.Size(80, 24)
        : new TargetMenu.Size(terminal.columns(), terminal.rows());
  }

  /// The menu at the other end of a person's channel.
  private final class MenuOnChannel implements SshLocal {
    private final SshChannel channel;
    private final TargetMenu shown;

    MenuOnChannel(SshChannel channel, TargetMenu shown) {
      this.channel = channel;
      this.shown = shown;
    }

    @Override
    public void typed(byte[] typed) {
      switch (shown.typed(typed, size(channel))) {
        case TargetMenu.Outcome.Show show -> relay.print(channel, show.text(), false);
        case TargetMenu.Outcome.Left left -> {
          relay.print(channel, left.text(), false);
          menuChannel = null;
          relay.finish(channel, SshErrors.NOTHING_CHOSEN.with(), SshRelay.STATUS_NO_CONNECTION);
        }
        case TargetMenu.Outcome.Chosen chosen -> {
          relay.print(channel, chosen.text(), false);
          channel.local = new TypedAhead(channel);
          channel.local.typed(chosen.rest().getBytes(StandardCharsets.UTF_8));
          stage = Stage.DECIDING;
          Thread.ofVirtual()
              .name("ssh-connection")
              .start(() -> guarded(() -> authorise(chosen.access())));
        }
      }
    }

    @Override
    public void resized() {
      relay.print(channel, shown.resized(size(channel)), false);
    }
  }

  /// Keeps what is typed until the target takes it.
  private static final class TypedAhead implements SshLocal {
    private static final int MAX_BYTES = 4_096;
    private final SshChannel channel;

    TypedAhead(SshChannel channel) {
      this.channel = channel;
    }

    @Override
    public void typed(byte[] typed) {
      byte[] before = channel.typedAhead == null ? new byte[0] : channel.typedAhead;
      int room = Math.min(typed.length, MAX_BYTES - before.length);
      byte[] both = java.util.Arrays.copyOf(before, before.length + room);
      System.arraycopy(typed, 0, both, before.length, room);
      channel.typedAhead = both;
    }

    /// What is kept has room for one window, and nothing of it may be lost.
    @Override
    public boolean takesMore() {
      return false;
    }
  }

  @Override
  public SshErrors.Message whyNoTarget() {
    SshErrors.Message why = failure;
    if (why != null) {
      return why;
    }
    TargetGrant grant = terminalGrant;
    if (grant != null) {
      return SshErrors.TERMINAL_ONLY.with(
          grant.target().name(),
          grant.target().protocol() == Protocol.TELNET ? "Telnet" : "SSH",
          proven.address().user() + "+" + grant.target().name());
    }
    String user = proven.address().user();
    Target target = chosenTarget;
    if (target != null) {
      String names = accounts.stream().map(a -> "  " + a.name()).collect(Collectors.joining("\n"));
      return SshErrors.CHOOSE_ACCOUNT.with(
          target.name(), user + "+" + accounts.getFirst().name() + "+" + target.name(), names);
    }
    if (choices.isEmpty()) {
      return SshErrors.NOTHING_CHOSEN.with();
    }
    String names =
        choices.stream()
            .limit(50)
            .map(c -> "  " + c.target().name() + "  " + c.target().title())
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));
    return SshErrors.CHOOSE_TARGET.with(user + "+" + choices.getFirst().target().name(), names);
  }

  // Ends.

  private void fail(SshErrors.Message why) {
    synchronized (relay) {
      stage = Stage.FAILED;
      failure = why;
      SshChannel channel = menuChannel;
      menuChannel = null;
      if (channel != null && channel.client.open && !channel.client.closeSent) {
        relay.finish(channel, why, SshRelay.STATUS_NO_CONNECTION);
      }
      replayHeld();
    }
    life.disconnectLater(this);
  }

  /// Ends a connection that has failed and shows nothing to anybody.
  void disconnectIfIdle() {
    SshErrors.Message why;
    synchronized (relay) {
      why = relay.openChannels() == 0 ? failure : null;
    }
    if (why != null) {
      clientLeg.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, why.in(Locale.ENGLISH));
    }
  }

  @Override
  public void channelOver() {
    SshChannel channel = menuChannel;
    if (channel != null && channel.isOver()) {
      menuChannel = null;
    }
    if (stage == Stage.FAILED && relay.openChannels() == 0) {
      life.disconnectLater(this);
    }
  }

  private void notice(Notice line) {
    synchronized (relay) {
      relay
          .channels()
          .forEach(
              channel -> relay.note(channel, SshErrors.NOTICE.with(new SshText.Spoken(line::in))));
    }
  }

  private void endedByGateway(EndNotice notice) {
    EndReason why = notice.reason();
    String text = why.in(language());
    tellAll(SshErrors.ENDED.with(new SshText.Spoken(why::in)));
    ended(why);
    disconnectSoon(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, text);
  }

  private void targetGone(OpenSession record) {
    synchronized (relay) {
      if (over) {
        return;
      }
    }
    Optional<String> worker = lostWorker();
    SshErrors error = worker.isPresent() ? SshErrors.WORKER_LOST : SshErrors.TARGET_LOST;
    SshErrors.Message why = error.with(record.grant().target().name(), record.id());
    String text = why.in(language());
    tellAll(why);
    ended(
        worker
            .map(name -> EndReason.of(EndReason.Code.WORKER_LOST, name))
            .orElseGet(() -> EndReason.of(EndReason.Code.TARGET_LEFT)));
    disconnectSoon(SshConstants.SSH2_DISCONNECT_CONNECTION_LOST, text);
  }

  private Optional<String> lostWorker() {
    SshLeg target;
    synchronized (relay) {
      target = targetLeg;
    }
    return target == null ? Optional.empty() : SshUpstream.lostWorker(target.session());
  }

  /// Leaves the client a moment to show what its channels were told; a client that reads of the
  /// disconnection shows nothing else.
  private void disconnectSoon(int reason, String text) {
    LoopSession.of(session).schedule(TO_BE_READ, () -> clientLeg.disconnect(reason, text));
  }

  @Override
  public LanguageChoice languageChoice() {
    return proven.user().user().language();
  }

  /// The person's language, as far as they chose one or a channel of theirs has told it.
  private Locale language() {
    synchronized (relay) {
      return relay.channels().stream()
          .filter(channel -> channel.isSession)
          .findFirst()
          .map(relay::language)
          .orElse(languageChoice().or(Locale.ENGLISH));
    }
  }

  private void tellAll(SshErrors.Message why) {
    synchronized (relay) {
      for (SshChannel channel : relay.channels()) {
        if (channel.isSession && channel.client.open) {
          relay.finish(channel, why, SshRelay.STATUS_NO_CONNECTION);
        }
      }
    }
  }

  /// Closes both sides and the record; the first call counts.
  private void ended(EndReason reason) {
    OpenSession record;
    SshLeg target;
    synchronized (relay) {
      if (over) {
        return;
      }
      over = true;
      record = opened;
      target = targetLeg;
      relay.over();
    }
    life.remove(this);
    if (target != null) {
      target.session().close(false);
    }
    if (record != null) {
      record.end(SessionState.ENDED, reason);
    }
  }

  /// Says that the gateway stops, and closes.
  void stop() {
    clientLeg.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, "the gateway stops");
    ended(EndReason.of(EndReason.Code.GATEWAY_STOP));
  }

  /// Asks for a sign of life whoever said nothing since the last call.
  void askIfAlive() {
    boolean clientQuiet = !clientHeard;
    boolean targetQuiet = !targetHeard;
    clientHeard = false;
    targetHeard = false;
    synchronized (relay) {
      if (clientQuiet) {
        ask(Side.CLIENT, clientLeg);
      }
      SshLeg target = targetLeg;
      if (targetQuiet && target != null && stage == Stage.RELAYING) {
        ask(Side.TARGET, target);
      }
    }
  }

  private void ask(Side side, SshLeg leg) {
    if (!over
        && !leg.isHeld()
        && relay.forwards().ask(side) >= parts.limits().maxUnansweredKeepAlives()) {
      LOG.info("{} does not answer any more", side == Side.CLIENT ? "a client" : "a target");
      leg.session().close(true);
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      String id = Long.toHexString(System.nanoTime());
      LOG.error("connection of {} failed (error {})", proven.user(), id, e);
      fail(SshErrors.UNEXPECTED.with(id));
      OpenSession record = opened;
      if (record != null) {
        record.end(SessionState.FAILED, EndReason.of(EndReason.Code.INTERNAL_ERROR, id));
      }
    }
  }

  private ClientConnection connection() {
    InetSocketAddress source = (InetSocketAddress) session.getIoSession().getRemoteAddress();
    return new ClientConnection(
        source, "ssh", SshText.bounded(String.valueOf(session.getClientVersion()), 255));
  }
}
