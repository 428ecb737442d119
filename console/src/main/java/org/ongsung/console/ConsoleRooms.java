package org.ongsung.console;

import java.util.Optional;
import java.util.function.Consumer;
import org.ongsung.console.api.AccountApi;
import org.ongsung.console.api.BulkApi;
import org.ongsung.console.api.ConnectionApi;
import org.ongsung.console.api.DirectoryApi;
import org.ongsung.console.api.FrontCheckApi;
import org.ongsung.console.api.JobApi;
import org.ongsung.console.api.LedgerApi;
import org.ongsung.console.api.OperationsApi;
import org.ongsung.console.api.OwnSecretApi;
import org.ongsung.console.api.PassageApi;
import org.ongsung.console.api.ScheduleApi;
import org.ongsung.console.api.SearchApi;
import org.ongsung.console.api.SessionApi;
import org.ongsung.console.api.TerminalApi;
import org.ongsung.console.api.WallApi;
import org.ongsung.console.api.WallEntryApi;
import org.ongsung.console.api.WorkerApi;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Assets;
import org.ongsung.console.http.Door;
import org.ongsung.console.http.DoorLimits;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.page.AccessPages;
import org.ongsung.console.page.BulkPages;
import org.ongsung.console.page.ConnectPages;
import org.ongsung.console.page.DirectoryPages;
import org.ongsung.console.page.FilePages;
import org.ongsung.console.page.JobPages;
import org.ongsung.console.page.LedgerPages;
import org.ongsung.console.page.LoginPages;
import org.ongsung.console.page.Pages;
import org.ongsung.console.page.ProfilePages;
import org.ongsung.console.page.SchedulePages;
import org.ongsung.console.page.SearchPages;
import org.ongsung.console.page.SessionPages;
import org.ongsung.console.page.TerminalPages;
import org.ongsung.console.page.WallEntryPages;
import org.ongsung.console.page.WallPages;
import org.ongsung.console.services.Blocks;
import org.ongsung.console.services.BrowserFiles;
import org.ongsung.console.services.BulkEdits;
import org.ongsung.console.services.Connecting;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.services.ConsoleMetrics;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.DirectoryEdits;
import org.ongsung.console.services.Holds;
import org.ongsung.console.services.JobAsking;
import org.ongsung.console.services.JobLive;
import org.ongsung.console.services.LedgerReading;
import org.ongsung.console.services.LiveView;
import org.ongsung.console.services.Logins;
import org.ongsung.console.services.OwnSecretEdits;
import org.ongsung.console.services.PeopleReading;
import org.ongsung.console.services.QuickConnect;
import org.ongsung.console.services.ReachQuestions;
import org.ongsung.console.services.ReachableTargets;
import org.ongsung.console.services.ReportReading;
import org.ongsung.console.services.SessionReading;
import org.ongsung.console.services.StreamPlaces;
import org.ongsung.console.services.TranscriptReading;
import org.ongsung.console.services.WallEdits;
import org.ongsung.console.services.WallReading;
import org.ongsung.console.services.WorkerList;
import org.ongsung.console.services.WorkerTokens;
import org.ongsung.console.terminal.BrowserTerminals;

/// Puts the pages and the API together into one route table.
final class ConsoleRooms {
  private final Logins logins;
  private final Pages pages;
  private final RouteTable routes;
  private final ConsoleMetrics metrics;
  private final Door door;
  private final WorkerTokens workerTokens;
  private final BrowserTerminals terminals;
  private final Optional<BrowserFiles> files;
  private final Door workerDoor = new Door(DoorLimits.WORKERS, System::nanoTime);

  ConsoleRooms(
      ConsoleServices services,
      ConsoleSettings settings,
      ConsoleLimits limits,
      Consumer<RouteTable.Builder> more) {
    Assets assets = Assets.find();
    logins =
        new Logins(
            services.authenticator(),
            services.tokens(),
            services.directory(),
            services.ledger(),
            services.clock());
    workerTokens =
        new WorkerTokens(logins::workerTokens, WorkerTokens.MOST_WAITING, System::nanoTime);
    pages =
        new Pages(
            assets, settings.base(), services.clock(), settings.serverZone(), settings.brand());
    ReachableTargets reachable = new ReachableTargets(services.authorizer(), settings);
    WallReading wall = new WallReading(reachable, services.sessions(), services.wall());
    door = new Door(limits.people(), System::nanoTime);
    metrics =
        new ConsoleMetrics(
            services.figures(),
            services.authenticator(),
            door,
            services.jobs()::figures,
            services.lines());
    DirectoryEdits edits = new DirectoryEdits(services, logins);
    ReachQuestions reach = new ReachQuestions(services.directory(), services.clock());
    PeopleReading people =
        new PeopleReading(services.directory(), services.sessions(), services.ledger());
    SessionReading reading = new SessionReading(services);
    StreamPlaces places = new StreamPlaces(limits);
    terminals =
        new BrowserTerminals(
            services.gateway(), services.terminals(), services.authorizer(), limits.terminals());
    LiveView liveView = new LiveView(reading, places, limits, terminals::watched);
    LedgerReading ledger = new LedgerReading(services.ledger(), places, services.clock());
    TranscriptReading transcripts = new TranscriptReading(services, reading, places);
    Blocks blocks = new Blocks(services.authenticator());
    RouteTable.Builder table = new RouteTable.Builder();
    addAssets(table, assets);
    new LoginPages(pages, logins, limits.sessionLifetime()).addTo(table);
    QuickConnect quick =
        new QuickConnect(reachable, services.adHoc(), services.ledger(), services.clock());
    ConnectPages connectPages = new ConnectPages(pages, !services.tunnels().isEmpty());
    new WallPages(pages, wall, services.wall(), quick, connectPages).addTo(table);
    WallEdits wallEdits = new WallEdits(services.wall(), services.clock());
    new WallEntryPages(pages, wallEdits, services.directory()).addTo(table);
    new WallEntryApi(wallEdits).addTo(table);
    new OwnSecretApi(new OwnSecretEdits(services.ownSecrets(), services.ledger(), services.clock()))
        .addTo(table);
    BulkEdits bulk = new BulkEdits(services.directory(), services.access());
    new BulkPages(pages, bulk, limits.applyBytes()).addTo(table);
    new BulkApi(bulk, limits.applyBytes()).addTo(table);
    Holds holds = new Holds(services);
    new SessionPages(pages, reading, holds, services.directory()).addTo(table);
    new SearchPages(pages, transcripts, reading).addTo(table);
    new LedgerPages(pages, ledger).addTo(table);
    new DirectoryPages(pages, edits, services.jobs(), people, reachable).addTo(table);
    new AccessPages(pages, services.directory(), reach, blocks).addTo(table);
    new ProfilePages(pages, edits, logins, people).addTo(table);
    new AccountApi(logins, edits, reachable, services.clock(), limits.sessionLifetime())
        .addTo(table);
    new DirectoryApi(edits, reach, limits.applyBytes()).addTo(table);
    new SessionApi(reading, holds, liveView, places).addTo(table);
    new WallApi(wall, quick).addTo(table);
    new SearchApi(transcripts).addTo(table);
    new LedgerApi(ledger).addTo(table);
    JobAsking asking = new JobAsking(services.jobs(), services.ledger(), services.clock());
    ReportReading reports = new ReportReading(services, places);
    JobLive jobLive = new JobLive(services.jobs(), places, limits);
    WorkerList workers = new WorkerList(services.jobs(), logins, services.passages());
    new JobApi(asking, jobLive, reports, services.clock()).addTo(table);
    new JobPages(pages, asking, reports).addTo(table);
    new SchedulePages(pages, asking, workers, logins).addTo(table);
    new ConnectionApi(
            new Connecting(
                services.jobs(),
                reachable,
                services.ledger(),
                limits.connecting(),
                services.clock()),
            services.tunnels(),
            settings)
        .addTo(table);
    connectPages.addTo(table);
    new TerminalApi(terminals).addTo(table);
    new TerminalPages(pages, reachable).addTo(table);
    files =
        services
            .files()
            .map(sessions -> new BrowserFiles(sessions, services.authorizer(), System::nanoTime));
    files.ifPresent(open -> logins.onEnd(open::ended));
    new FilePages(pages, reachable, files, places).addTo(table);
    new ScheduleApi(asking).addTo(table);
    new WorkerApi(services.queue(), logins, workers).addTo(table);
    new FrontCheckApi(places, limits.applyBytes(), services.clock()).addTo(table);
    OperationsApi operations =
        new OperationsApi(services, places, blocks, metrics, settings.base(), settings.version());
    operations.addTo(table);
    new PassageApi(services.passages()).addTo(table);
    more.accept(table);
    routes = table.build();
    operations.describe(routes);
  }

  /// Assets lie at most four names deep; a template's variable never holds a slash.
  private static void addAssets(RouteTable.Builder table, Assets assets) {
    String template = "/assets/{fingerprint}";
    String[] variables = {"a", "b", "c", "d"};
    for (int depth = 1; depth <= variables.length; depth++) {
      String[] used = java.util.Arrays.copyOf(variables, depth);
      template = template + "/{" + used[depth - 1] + "}";
      table.add(
          "GET",
          template,
          Surface.ASSET,
          Access.PUBLIC,
          0,
          exchange -> {
            StringBuilder name = new StringBuilder();
            for (String variable : used) {
              name.append(name.isEmpty() ? "" : "/").append(exchange.variable(variable));
            }
            return assets.serve(exchange, name.toString());
          },
          null);
    }
  }

  Logins logins() {
    return logins;
  }

  Pages pages() {
    return pages;
  }

  RouteTable routes() {
    return routes;
  }

  ConsoleMetrics metrics() {
    return metrics;
  }

  BrowserTerminals terminals() {
    return terminals;
  }

  Optional<BrowserFiles> files() {
    return files;
  }

  Door workerDoor() {
    return workerDoor;
  }

  WorkerTokens workerTokens() {
    return workerTokens;
  }

  Door door() {
    return door;
  }
}
