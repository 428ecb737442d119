package org.ongsung.server.work;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.server.configuration.Notices;

/// Sends mail through one server (RFC 5321), as plain text in UTF-8.
final class MailSender {
  private final Notices.Mail mail;
  private final Duration longest;

  /// @param longest how long the server may stay silent
  MailSender(Notices.Mail mail, Duration longest) {
    this.mail = mail;
    this.longest = longest;
  }

  /// Sends one message to all that the configuration names.
  ///
  /// @param id names the message, the same when it is sent again
  /// @param password null where the server asks for no login
  /// @throws IOException when the server did not take it, and may do so later
  /// @throws WorkFailedException when it will not
  void send(String title, String text, String id, Instant now, @Nullable String password)
      throws IOException, WorkFailedException {
    List<InetAddress> addresses = List.of(InetAddress.getAllByName(mail.server().host()));
    if (Outbound.isForbidden(addresses)) {
      throw new WorkFailedException(
          mail.server() + " is at an address that nothing connects to", false, null);
    }
    Session session = Session.getInstance(properties(password != null));
    try {
      Message message = message(session, title, text, id, now);
      try (Transport transport = session.getTransport()) {
        transport.connect(
            mail.server().host(), mail.server().port(), mail.user().orElse(null), password);
        transport.sendMessage(message, message.getAllRecipients());
      }
    } catch (AuthenticationFailedException e) {
      throw new WorkFailedException("the mail server refuses the login", false, e);
    } catch (MessagingException e) {
      throw new IOException("the mail server did not take it: " + cause(e), e);
    }
  }

  /// The server's own line, where it said one.
  private static String cause(MessagingException thrown) {
    String line = thrown.getMessage();
    Exception next = thrown.getNextException();
    return next != null && next.getMessage() != null ? next.getMessage() : String.valueOf(line);
  }

  private Properties properties(boolean login) {
    String protocol = mail.security() == Notices.Security.TLS ? "smtps" : "smtp";
    String millis = Long.toString(longest.toMillis());
    Properties properties = new Properties();
    properties.put("mail.transport.protocol", protocol);
    for (String limit : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
      properties.put("mail." + protocol + "." + limit, millis);
    }
    properties.put("mail." + protocol + ".auth", Boolean.toString(login));
    properties.put("mail." + protocol + ".ssl.checkserveridentity", "true");
    boolean startTls = mail.security() == Notices.Security.STARTTLS;
    properties.put("mail.smtp.starttls.enable", Boolean.toString(startTls));
    properties.put("mail.smtp.starttls.required", Boolean.toString(startTls));
    return properties;
  }

  private Message message(Session session, String title, String text, String id, Instant now)
      throws MessagingException {
    MimeMessage message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + ">");
          }
        };
    message.setFrom(new InternetAddress(mail.from()));
    for (String to : mail.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(title, StandardCharsets.UTF_8.name());
    message.setText(text, StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(now));
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }
}
