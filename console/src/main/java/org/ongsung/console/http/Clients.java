package org.ongsung.console.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.ongsung.console.http.Client.Way;
import org.ongsung.fastcgi.server.FastCgiParameters;
import org.ongsung.model.Network;
import org.ongsung.wire.forwarded.Forwarded;

/// Tells whom requests come from.
///
/// Of a front server that is configured, `X-Forwarded-For`, `-Proto` and `-Host` or `Forwarded`
/// (RFC 7239) are believed, read from their ends: the last entry is the one that it wrote itself,
/// and those before count only as long as what they were got from is configured too. Of everybody
/// else none is read.
///
/// Where both kinds name an address and not the same one, one of them came from the browser past a
/// front server that knows only the other: such a request is refused. Where `Forwarded` is there,
/// the other kind adds nothing to it, for the same reason.
final class Clients {
  private static final String FOR = "X-Forwarded-For";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";

  private final List<Network> fronts;

  /// @param fronts the front servers that are believed
  Clients(List<Network> fronts) {
    this.fronts = List.copyOf(fronts);
  }

  /// Whom the request comes from.
  ///
  /// @throws HttpProblem 400 when a front server that is believed cannot be understood
  Client of(Request request) {
    InetAddress peer = peer(request);
    String host = Request.getServerName(request) == null ? "" : host(request);
    if (!FastCgiParameters.of(request).isEmpty()) {
      return new Client(peer, request.isSecure(), host, Way.FASTCGI);
    }
    if (!isFront(peer)) {
      return new Client(peer, request.isSecure(), host, directWay(request));
    }
    Optional<Said> old = old(request);
    Optional<Said> standard = standard(request);
    if (old.isPresent()
        && standard.isPresent()
        && !old.get().address.equals(standard.get().address)) {
      throw HttpProblem.badRequest("X-Forwarded-For and Forwarded name different addresses");
    }
    Optional<Said> said = standard.or(() -> old);
    String scheme = said.map(Said::scheme).orElseGet(() -> last(request, PROTO));
    return new Client(
        said.map(Said::address).orElse(peer),
        request.isSecure() || scheme.equalsIgnoreCase("https"),
        said.map(Said::host).filter(h -> !h.isEmpty()).orElse(host),
        said.isPresent() ? Way.HEADERS : Way.UNTOLD);
  }

  /// Whether nobody stands between: not a front server that is configured, nor one that only shows
  /// by what it added.
  boolean isDirect(Request request) {
    return FastCgiParameters.of(request).isEmpty()
        && directWay(request) == Way.DIRECT
        && !isFront(peer(request))
        && !request.getHeaders().contains(FOR)
        && !request.getHeaders().contains(HttpHeader.FORWARDED)
        && !request.getHeaders().contains(HttpHeader.VIA);
  }

  private static Way directWay(Request request) {
    EndPoint end = request.getConnectionMetaData().getConnection().getEndPoint();
    while (!(end instanceof ProxiedEndPoint)) {
      if (!(end instanceof EndPoint.Wrapper wrapper)) {
        return Way.DIRECT;
      }
      end = wrapper.unwrap();
    }
    return Way.PROXY_PROTOCOL;
  }

  /// The other end of the connection; by FastCGI, the browser's.
  private static InetAddress peer(Request request) {
    if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress at
        && at.getAddress() != null) {
      return at.getAddress();
    }
    throw new HttpProblem(400, "bad-request", "no address that could be written down");
  }

  private static String host(Request request) {
    String asked = request.getHeaders().get(HttpHeader.HOST);
    return asked == null ? String.valueOf(request.getHttpURI().getAuthority()) : asked;
  }

  private boolean isFront(InetAddress address) {
    return fronts.stream().anyMatch(front -> front.contains(address));
  }

  /// What headers of one kind say.
  private record Said(InetAddress address, String scheme, String host) {}

  private Optional<Said> old(Request request) {
    List<String> nodes = new ArrayList<>();
    for (String line : request.getHeaders().getValuesList(FOR)) {
      nodes.addAll(List.of(line.split(",", -1)));
    }
    return nodes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Said(client(nodes), last(request, PROTO), last(request, HOST)));
  }

  private Optional<Said> standard(Request request) {
    List<String> lines = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() == HttpHeader.FORWARDED && field.getValue() != null) {
        lines.add(field.getValue());
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    List<Forwarded> said =
        Forwarded.parse(String.join(",", lines))
            .orElseThrow(() -> HttpProblem.badRequest("Forwarded cannot be read"));
    List<String> nodes = said.stream().map(Forwarded::node).toList();
    return Optional.of(new Said(client(nodes), said.getLast().scheme(), said.getLast().host()));
  }

  /// The first, from the end, that is not a front server's; the very first when all are.
  private InetAddress client(List<String> nodes) {
    InetAddress address = null;
    for (String node : nodes.reversed()) {
      address = address(node.strip());
      if (!isFront(address)) {
        return address;
      }
    }
    if (address == null) {
      throw new IllegalArgumentException("nobody is named"); // asked for lists that hold something
    }
    return address;
  }

  /// An address as front servers write it, with or without a port; `[2001:db8::1]:4711`.
  private static InetAddress address(String node) {
    String text = node;
    if (text.startsWith("[") && text.indexOf(']') > 0) {
      text = text.substring(1, text.indexOf(']'));
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
      text = text.substring(0, text.indexOf(':'));
    }
    try {
      if (text.indexOf('%') < 0) {
        return InetAddress.ofLiteral(text);
      }
    } catch (IllegalArgumentException e) {
      // answered below
    }
    throw HttpProblem.badRequest("a front server names a client that has no IP address");
  }

  private static String last(Request request, String header) {
    List<String> lines = request.getHeaders().getValuesList(header);
    if (lines.isEmpty()) {
      return "";
    }
    String line = lines.getLast();
    return line.substring(line.lastIndexOf(',') + 1).strip().toLowerCase(Locale.ROOT);
  }
}
