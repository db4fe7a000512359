using System.Text;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>A load test on a console.</summary>
public sealed class LoadConsoleTests
{
    [Fact]
    public void All_figures_are_in_the_table()
    {
        var written = new StringWriter();
        LoadTable.Write(Console(written, terminal: false), Reports.Of());
        var lines = written.ToString().ReplaceLineEndings("\n").Split('\n');
        foreach (var expected in new[]
        {
            "requests      10,000",
            "success rate  99.97 %",
            "throughput    1,000.0 requests/s of 1,000.0 offered",
            "bytes         3370.0 kB received (337.0 kB/s), 500.0 kB sent",
            "average           4.200 ms      3.200 ms",
            "median            3.900 ms      2.900 ms",
            "min               0.800 ms      0.700 ms",
            "max                40.0 ms       35.0 ms",
            "p90               8.000 ms      7.000 ms",
            "p95                10.0 ms      9.000 ms",
            "p99                12.5 ms      6.250 ms",
            "p99.9              30.0 ms       25.0 ms",
            "errors        1 status, 0 connect, 2 timeout, 0 reset, 0 body",
            "statuses      200: 9,997, 503: 1",
            "FAILED        p99>10ms: 12.5ms",
            "passed        errors>1%: 0.03%",
        })
        {
            Assert.Contains(expected, lines);
        }
    }

    [Fact]
    public void Nothing_answered_is_said()
    {
        var written = new StringWriter();
        LoadTable.Write(Console(written, terminal: false), Reports.Empty());
        Assert.Contains("success rate  undefined", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("p99                   none          none", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_pipe_progress_is_a_line_every_five_seconds()
    {
        var written = new StringWriter();
        var view = new LoadView(Console(written, terminal: false));
        await view.RunAsync(() =>
        {
            view.OnProgress(new LoadProgress("warm-up", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), null, 0, 0, null, new(false, 0, 1, null, null)));
            for (var second = 0; second < 11; second++)
            {
                // Twice, as an observer is called more often than a second ends.
                view.OnProgress(Progress(second));
                view.OnProgress(Progress(second));
            }

            return Task.CompletedTask;
        });
        var lines = written.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["measuring 1 s", "measuring 5 s", "measuring 10 s"], lines.Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
        Assert.Contains("1,000 requests/s, p50 3.900 ms, p99 12.0 ms", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_the_figures_move()
    {
        var written = new StringWriter();
        var view = new LoadView(Console(written, terminal: true));
        await view.RunAsync(async () =>
        {
            view.OnProgress(Progress(3));
            await Task.Delay(600);
        });
        var text = written.ToString();
        Assert.Contains("requests/s", text, StringComparison.Ordinal);
        Assert.Contains("p99 12.0 ms", text, StringComparison.Ordinal);
        Assert.Contains("█", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_shows_nothing_and_a_failure_comes_out()
    {
        var written = new StringWriter();
        var view = new LoadView(Console(written, terminal: true), quiet: true);
        await view.RunAsync(() =>
        {
            view.OnProgress(Progress(3));
            view.Say("hello");
            return Task.CompletedTask;
        });
        Assert.Empty(written.ToString());
        await Assert.ThrowsAsync<InvalidOperationException>(() => new LoadView(Console(written, terminal: true)).RunAsync(() => throw new InvalidOperationException()));
    }

    private static LoadProgress Progress(int second) => new(
        "measuring",
        TimeSpan.FromSeconds(second + 1),
        TimeSpan.FromSeconds(30),
        new SecondPoint(second, 1_000, 1_000, 0, 3.9, 8, 12, 40, 2.9, 6, 4, 0, 337_000, 0.4, 0.23),
        1_000 * (second + 1),
        0,
        new LatencyFigures(1_000, 4, 3.9, 1, 40, 8, 10, 12, 30),
        new StabilityFigures(false, 0, 1, null, null));

    private static IAnsiConsole Console(TextWriter written, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new Screen(written, terminal),
        });
        console.Profile.Width = 160;
        return console;
    }

    private sealed class Screen(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 160;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
